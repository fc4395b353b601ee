"""Times in words: what runs is filled in when an answer is sent, what is guessed is rounded."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draftmill.clock import length
from draftmill.jobs.estimates import Left
from draftmill.jobs.line import Place
from draftmill.web.views import clocks
from draftmill.web.views.clocks import fill, range_in_words, rounded_range


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0 s"),
        (89.4, "89 s"),
        (90, "2 min"),
        (200, "3 min"),
        (210, "4 min"),
        (3569, "59 min"),
        (3570, "1 h"),
        (4349, "1 h 12 min"),
    ],
)
def test_a_length_is_rounded_to_the_nearest_minute(seconds: float, said: str) -> None:
    assert length(seconds) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-5, 4, "up to 5 s left"),
        (6, 14, "5–15 s left"),
        (23, 38, "20–40 s left"),
        (28, 31, "about 30 s left"),
        (32, 85, "30–90 s left"),
        (50, 100, "up to 2 min left"),
        (61, 100, "1–2 min left"),
        (130, 215, "2–4 min left"),
        (160, 200, "about 3 min left"),
        (20 * 60, 27 * 60, "20–30 min left"),
        (50 * 60, 70 * 60, "50 min–1 h 10 min left"),
        (100 * 60, 130 * 60, "1 h 30 min–2 h 15 min left"),
    ],
)
def test_a_range_is_rounded_outwards_and_one_figure_where_it_can_be(
    low: float, high: float, said: str
) -> None:
    assert range_in_words(low, high) == said


@given(st.floats(-100, 1e6), st.floats(0, 1e6))
def test_words_never_promise_more_than_is_known(low: float, width: float) -> None:
    shown_low, shown_high, step = rounded_range(low, max(low, 0) + width + 0.001)
    near = step / 2 if shown_low == shown_high else 0
    assert shown_low - near <= max(low, 0)
    assert max(low, 0) + width <= shown_high + near
    assert 0 <= shown_low <= shown_high
    assert "0 s left" not in re.sub(r"\d0 s", "", range_in_words(low, max(low, 0) + width + 0.001))


def left(low: float, high: float, said_from: float = -1, *, little: bool = False) -> Left:
    present = datetime.now(UTC).timestamp()
    ends = (present + seconds for seconds in (low, high, high, said_from))
    return Left(*ends, little=little, reliable=True)


def test_the_words_count_down_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = clocks.Timed(clocks.time_left(left(125, 230)))
    said = [mark_after(mark, seconds, monkeypatch) for seconds in (0, 71, 151, 232)]
    assert said == ["2–4 min left", "Up to 3 min left", "Up to 80 s left", ""]


def mark_after(mark: clocks.Timed, seconds: float, monkeypatch: pytest.MonkeyPatch) -> str:
    later = datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC)

    class Then(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return later

    with monkeypatch.context() as patched:
        patched.setattr(clocks, "datetime", Then)
        return bytes(mark).decode()


def test_almost_done_is_said_only_of_the_last_seconds_of_the_last_part() -> None:
    assert fill(clocks.time_left(left(2, 8, little=True))) == "Almost done"
    assert fill(clocks.time_left(left(2, 8))) == "Up to 10 s left"
    assert fill(clocks.time_left(left(22, 38, little=True))) == "20–40 s left"


def test_a_run_that_has_just_begun_says_nothing_of_its_end() -> None:
    assert fill(clocks.time_left(left(20, 38, said_from=4))) == ""
    assert fill("53 %" + clocks.time_left(left(22, 38), further=True)) == "53 %, 20–40 s left"


class Waiting:
    """A line with one job in it."""

    def __init__(self, number: int, starts: float | None) -> None:
        begin = datetime.now(UTC).timestamp()
        self.found = Place(number, None if starts is None else begin + starts)

    def place(self, n: int) -> Place | None:
        return self.found if n == 7 else None

    def end(self, n: int) -> float | None:
        return self.found.starts


@pytest.mark.parametrize(
    ("number", "starts", "said"),
    [
        (1, None, "Next in line"),
        (1, 0, "Next in line, starts in a moment"),
        (2, 25, "2nd in line, starts in about 30 s"),
        (3, 215, "3rd in line, starts in about 4 min"),
        (11, 215, "11th in line, starts in about 4 min"),
        (122, None, "122nd in line"),
    ],
)
def test_a_place_in_the_line_and_when_the_turn_comes(
    number: int, starts: float | None, said: str
) -> None:
    waiting = Waiting(number, starts)
    assert fill(clocks.place(7), waiting) == said
    assert fill(clocks.place(8), waiting) == ""
    assert fill(clocks.place(7)) == ""


def test_when_what_is_waited_for_is_ready() -> None:
    assert fill(clocks.ready(7), Waiting(1, 215)) == "Ready in about 4 min"
    assert fill(clocks.ready(7), Waiting(1, None)) == ""
