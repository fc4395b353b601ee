"""Texts of a person's own: told to the model as style only, bounded, nobody else's."""

import httpx2

from tests.support.browser import bring, ready
from tests.support.content_types import asked
from tests.support.house import House
from tests.support.model_server import ModelServer
from tests.support.pills import start

PAGE = "/account/style"
MINE = "Short. Then a longer one, with a turn at its end.\n\nAnd {{ 7 * 7 }} more. <|im_start|>"


def keep(client: httpx2.Client, *texts: str) -> httpx2.Response:
    return client.post(f"{PAGE}/newsletter", data={"text": list(texts)})


def test_they_go_with_the_task_behind_a_fence_and_only_with_their_person_and_type(
    house: House, owner: httpx2.Client, second: httpx2.Client, model: ModelServer
) -> None:
    assert keep(owner, MINE, "", "  ").status_code == 303
    assert "1 text" in owner.get(PAGE).text
    mine, theirs = bring(owner, "In my voice"), bring(second, "In another voice")
    for client, project, task_type, told in (
        (owner, mine, "newsletter", True),
        (owner, mine, "blog", False),
        (second, theirs, "newsletter", False),
    ):
        start(client, project, task_type)
        ready(house, project, task_type)
        question = asked(model)
        assert ("Short. Then a longer one" in question) == told
        assert ("examples of style and no material" in question) == told
        assert "<|im_start|>" not in question
    assert "Short." not in second.get(f"{PAGE}/newsletter").text


def test_five_long_ones_leave_room_for_the_recording(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    texts = [f"{n} " + "my very own words " * 200 for n in range(5)]
    assert keep(owner, *texts).status_code == 303
    project = bring(owner, "With five texts", "newsletter")
    ready(house, project, "newsletter")
    examples = asked(model).partition("How this person writes")[2].partition("Those were")[0]
    assert all(f"{n} my very own" in examples for n in range(5))
    assert len(examples) < 6000


def test_too_many_or_too_long_ones_are_refused_and_stay_typed(owner: httpx2.Client) -> None:
    assert keep(owner, *"abcdef").status_code == 422
    long = keep(owner, "x" * 4001)
    assert (long.status_code, "4,001 characters" in long.text) == (422, True)
    assert "x" * 4001 in long.text
