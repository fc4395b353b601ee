"""A draft is held to its recording in time that grows with both, whatever stands in them."""

from collections.abc import Callable

import pytest

from draftmill.evidence.drafts import check_draft, corrected_draft
from draftmill.evidence.recording import Recording
from draftmill.transcripts.segments import Segment
from tests.support.time_bounds import LINEAR, growth

SPEAKERS = ("Ada Lovelace", "Bob Miller")
SAID = "We measured the queue of builds and Ada Lovelace said it was slow."
TALK = Recording(
    tuple(
        Segment(9.0 * n, 9.0 * n + 8, f"{SAID} It was {n}.", speaker=SPEAKERS[n % 2])
        for n in range(40)
    ),
    language="en",
)
TALK.grounds.ask([SAID])  # what is read of the talk counts in none of the drafts

DRAFTS: dict[str, tuple[Callable[[int], str], int]] = {
    "one capital after the other": (lambda n: "Qxv Zeta " * n, 300),
    "names without end": (lambda n: " ".join(f"Q{k:x}z" for k in range(n)), 300),
    "a speaker again and again": (lambda n: "“We measured the queue” " + "Ada and " * n, 300),
    "quotations of a speaker": (lambda n: "“We measured the queue” said Ada, " * n, 30),
    "quotations in a block": (lambda n: "> " + "“We measured the queue” Ada " * n, 50),
    "signs without words": (lambda n: "A" + "._ " * n + "B", 1_000),
    "times behind many sentences": (
        lambda n: "We measured the queue. " * n + " ".join(f"[1](time:{k})" for k in range(n)),
        60,
    ),
}
TALKS: dict[str, tuple[Callable[[int], list[Segment]], int]] = {
    "capitals in one sentence": (lambda n: [Segment(0, 9, "Qxv Zeta " * n)], 500),
    "speakers of one name": (
        lambda n: [Segment(k, k + 1, f"Bob K{k:x}ay", speaker=f"Bob {k:x}") for k in range(n)],
        100,
    ),
}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_is_checked_in_time_that_grows_with_it(name: str) -> None:
    body, n = DRAFTS[name]
    assert growth(lambda size: check_draft(TALK, body(size)), n) < LINEAR


@pytest.mark.parametrize("name", TALKS)
def test_a_recording_is_read_in_time_that_grows_with_it(name: str) -> None:
    said, n = TALKS[name]
    draft = "Ada said “we measured”. Bob Miller measured."

    def work(size: int) -> object:
        return check_draft(Recording(tuple(said(size)), language="en"), draft)

    assert growth(work, n) < LINEAR


def test_times_are_put_right_in_one_go() -> None:
    def work(size: int) -> object:
        wrong = " ".join(f"[{k // 60}:{k % 60:02d}](time:{k})" for k in range(900, 900 + size))
        return corrected_draft(TALK, f"We measured the queue of builds and it was slow {wrong}")

    assert growth(work, 100) < LINEAR
