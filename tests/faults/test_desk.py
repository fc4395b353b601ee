"""What a person types at the desk survives whatever happens to the page, the session, the server and the disk."""

import contextlib
from collections.abc import Callable
from random import Random

from playwright.sync_api import Browser

from tests.support.browser import bring, ready
from tests.support.desk_accidents import ACCIDENTS, Desk, browser_of, round_of_accidents
from tests.support.faults_table import Ledger
from tests.support.panel_accidents import Naming, Titling, two_speak_in_two_chapters
from tests.support.sentence_accidents import Sentence
from tests.support.small_disk import Disk, disk, on_a_small_disk
from tests.support.storage_house import kept

__all__ = ["disk"]
SEED = 9001
TYPES = ("blog", "twitter")
A_PROJECT = 10  # rounds


@on_a_small_disk
def test_no_accident_loses_a_text(
    disk: Disk, browser: Browser, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    random, texts, lost = Random(SEED), 0, list[str]()
    with kept(disk.data) as house, contextlib.closing(house.make_owner()) as client:
        project = bring(client, "A talk", *TYPES)
        ready(house, project, *TYPES)
        many = rounds(3, 200)
        for n in range(many):
            context = browser_of(browser, house)
            path = f"/projects/{project}/drafts/{random.choice(TYPES)}"
            desk = Desk(house, disk, context, path, random)
            names = random.sample(list(ACCIDENTS), random.randint(1, 3))
            round_of_accidents(desk, names, tabs=1 + (random.random() < 0.4))
            lost += [f"round {n}, {names}: {mark}" for mark in desk.lost()]
            texts += len(desk.typed)
            context.close()
    judge(ledger, "the desk", many, texts, lost)


@on_a_small_disk
def test_no_accident_loses_an_edited_sentence(
    disk: Disk, browser: Browser, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    many = rounds(1, 200)
    judge(ledger, "a sentence", many, *transcript_accidents(disk, browser, Sentence, many))


@on_a_small_disk
def test_no_accident_loses_the_name_of_a_speaker(
    disk: Disk, browser: Browser, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    many = rounds(1, 200)
    found = transcript_accidents(disk, browser, Naming, many)
    judge(ledger, "the name of a speaker", many, *found)


@on_a_small_disk
def test_no_accident_loses_the_title_of_a_chapter(
    disk: Disk, browser: Browser, rounds: Callable[[int, int], int], ledger: Ledger
) -> None:
    many = rounds(1, 200)
    found = transcript_accidents(disk, browser, Titling, many)
    judge(ledger, "the title of a chapter", many, *found)


def judge(ledger: Ledger, place: str, rounds: int, texts: int, lost: list[str]) -> None:
    """Nothing of what was typed was lost, and more was typed than one text a round."""
    assert not lost, lost
    assert texts > rounds
    ledger.record(f"Accidents at {place}: rounds of one to three", rounds)
    ledger.record(f"Accidents at {place}: texts that were typed", texts)


def transcript_accidents(
    disk: Disk, browser: Browser, kind: type[Sentence | Naming], rounds: int
) -> tuple[int, list[str]]:
    """How many texts were typed in so many rounds, and those that were lost; a project for some rounds each."""
    random, texts, lost = Random(SEED), 0, list[str]()
    with kept(disk.data) as house, contextlib.closing(house.make_owner()) as client:
        context, project = browser_of(browser, house), ""
        for n in range(rounds):
            if n % A_PROJECT == 0:
                project = bring(client, f"A talk, round {n}")
                ready(house, project, "ingest")
                two_speak_in_two_chapters(house, project)
            desk = kind(house, disk, context, f"/projects/{project}", random)
            names = random.sample([*ACCIDENTS][1:], random.randint(1, 3))
            round_of_accidents(desk, names, tabs=1 + (random.random() < 0.4))
            lost += [f"round {n}, {names}: {mark}" for mark in desk.lost()]
            texts += len(desk.typed)
        context.close()
    return texts, lost
