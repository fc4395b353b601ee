"""Made-up files of every kind by the hundred: no freeze, no error of our own, no growth.

A few seconds of each in `make slow`; with --full ten minutes in all.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest
from hypothesis import given, settings

from content_actions import CONTENT_TYPES
from draftmill.errors import Problem
from draftmill.writers.model import article_reply, posts_reply
from draftmill.writers.model.citations import Citations
from draftmill.writers.model.marks import Marks
from tests.support.browser import bring, ready
from tests.support.bystander import undisturbed
from tests.support.fuzzing import (
    MARKDOWN,
    REPLY,
    TRANSCRIPTS,
    bounded,
    mutated,
    mutated_bytes,
)
from tests.support.house import House, opened
from tests.support.model_writer import MATERIAL
from tests.support.places import SOUNDS
from tests.support.raw_lines import peak_memory

SEED = 9
FULL_S = 120.0  # for each of five kinds
SHORT_S = 4.0
GROWTH = 200 << 20  # bytes
REPLY_S = 2.0  # of processor time, in which a reply is read
Fuzz = Callable[[object], None]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("fuzz") / "data", **quiet) as house:
        yield house


@pytest.fixture(scope="module")
def project(own: House, client: httpx2.Client) -> str:
    project = bring(client, "A talk", "blog")
    ready(own, project, "ingest", "blog")
    return project


@contextmanager
def unharmed(own: House) -> Iterator[None]:
    """Nobody else waits, and memory does not grow, all through what is done inside."""
    second = own.add_user(f"second-{time.monotonic_ns()}@example.org")
    before = peak_memory(own)
    with undisturbed(second):
        yield
    assert peak_memory(own) - before < GROWTH
    assert "Traceback" not in own.log()


def for_a_while(full: bool, strategy: object, act: Fuzz) -> None:
    """Act on made-up input until the time of this run is over."""
    end = time.monotonic() + (FULL_S if full else SHORT_S)

    @settings(bounded, max_examples=5_000 if full else 150)
    @given(strategy)  # type: ignore[arg-type]
    def each(made: object) -> None:
        if time.monotonic() < end:
            act(made)

    each()


def answered(answer: httpx2.Response) -> None:
    assert answer.status_code < 500 or answer.status_code == 507, answer.text


def test_transcripts(own: House, client: httpx2.Client, full: bool) -> None:
    def bring_it(text: object) -> None:
        data = str(text).encode("utf-8", "surrogatepass")
        for ending in ("txt", "srt") if len(data) % 2 else ("json", "ttml"):
            form = {"transcript": (f"made-up.{ending}", data)}
            answer = client.post("/projects", files=form, data={"title": "x"})
            answered(answer)
            if answer.status_code == 303:
                client.post(f"{answer.headers['location'].partition('?')[0]}/delete")

    with unharmed(own):
        for_a_while(full, mutated(list(TRANSCRIPTS.values())), bring_it)


def test_markdown(own: House, client: httpx2.Client, project: str, full: bool) -> None:
    draft = f"/projects/{project}/drafts/blog"

    def show(text: object) -> None:
        body = str(text).encode("utf-8", "replace").decode()
        answered(client.post(f"{draft}/preview", data={"title": body[:200], "body": body}))
        based_on = client.get(f"/api/v1{draft}").headers.get("etag", "")
        answered(client.post(draft, data={"title": "T", "body": body, "based_on": based_on}))
        answered(client.get(f"{draft}.html"))

    with unharmed(own):
        for_a_while(full, mutated([MARKDOWN]), show)


def test_corrections(own: House, client: httpx2.Client, project: str, full: bool) -> None:
    def correct(text: object) -> None:
        words = str(text).encode("utf-8", "replace").decode()
        middle = len(words) // 2
        form = {"heard": words[:middle], "meant": words[middle:]}
        answered(client.post(f"/projects/{project}/corrections", data=form))

    with unharmed(own):
        for_a_while(
            full, mutated(["Cooper Netties", "a cache", "Ada, Lovelace", MARKDOWN]), correct
        )


def test_media(own: House, client: httpx2.Client, full: bool) -> None:
    seeds = [path.read_bytes()[:60_000] for path in sorted(SOUNDS.iterdir()) if path.is_file()]

    def upload(data: object) -> None:
        assert isinstance(data, bytes)
        answer = client.post("/projects", files={"recording": ("talk.mp4", data)})
        answered(answer)
        if answer.status_code == 303:
            client.post(f"{answer.headers['location'].partition('?')[0]}/delete")

    with unharmed(own):
        for_a_while(full, mutated_bytes(seeds), upload)


def test_replies_of_models(full: bool) -> None:
    """They are read by the job's own process: bounded is the time of one."""
    marks = Marks(
        end_s=60.0, shots={1, 2}, known="", citations=Citations(MATERIAL.segments, timed=True)
    )

    def read(text: object) -> None:
        began = time.process_time()
        for content in CONTENT_TYPES.values():
            reader = article_reply if content.shape == "article" else posts_reply
            try:
                reader.read(str(text), content, marks)
            except Problem:
                continue
        assert time.process_time() - began < REPLY_S * len(CONTENT_TYPES)

    seeds = [REPLY, MARKDOWN, json.dumps({"title": "T", "body": MARKDOWN}), "1/ One.\n\n2/ Two."]
    for_a_while(full, mutated(seeds), read)
