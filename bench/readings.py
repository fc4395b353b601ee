"""One reading for four drafts: the order of a prompt, with the real llama.cpp and a small model.

The same words are asked in two orders, turn by turn: the task first and a new fence for each
request, as it was once, against the recording first with one fence, as it is. Each draft is as
many tokens long in both. Then four drafts are ordered at once, of a server with four places that
is known by its address only, as the writer asks it. Takes about five minutes.
"""

import argparse
import json
import secrets
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report, report_rounds

from content_actions import CONTENT_TYPES
from draftmill.database.connection import connect, prepare
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import find_job
from draftmill.settings import Settings
from draftmill.writers.material import Material
from draftmill.writers.model import fitting, prompts
from draftmill.writers.model.chat import OVER_BUDGET, Chat
from draftmill.writers.model.prompts import Prompt
from tests.support import talks
from tests.support.llama_server import Llama, llama
from tests.support.model_writer import add_running_job

ROUNDS = 1
CONTEXT = 8192
ANSWER = 60  # tokens
TALKS = ("tech_talk", "meeting")


@dataclass(frozen=True)
class Read:
    """What a server read for one answer, in tokens, and the seconds that the answer took."""

    prompt: int
    cached: int
    seconds: float

    @property
    def share(self) -> float:
        return self.cached / self.prompt


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at-once", action="store_true", help="only four drafts ordered at once")
    held = at_once()
    return 0 if (parser.parse_args().at_once or one_by_one()) and held else 1


def one_by_one() -> bool:
    """Four drafts after one another, of a server with one place."""
    ours: list[float] = []
    theirs: list[float] = []
    shares: list[float] = []
    with llama(n_ctx=CONTEXT, threads=2) as server:
        for _ in range(ROUNDS):
            theirs.append(sum(read.seconds for read in drafts(server, once)))
            fence = secrets.token_hex(8)  # of another installation: nothing is left of the last
            reads = drafts(server, lambda prompt, fence=fence: prompt.messages(fence))
            ours.append(sum(read.seconds for read in reads))
            shares += [read.share for read in reads[1:]]
    size = f"{reads[0].prompt:,} tokens each, {ANSWER} of them written"
    held = [
        report("second to fourth draft: of the prompt found cached", min(shares) * 100, "%",
               least=80, spread=(min(shares) * 100, max(shares) * 100), note="the least of them"),
        report_rounds("four drafts, the recording first", ours, "s", note=size),
        report_rounds("four drafts, the task first", theirs, "s", note="as it was once"),
        report_rounds("four drafts, against the task first", ratios(ours, theirs), "×", most=0.5),
    ]  # fmt: skip
    return all(held)


def at_once() -> bool:
    """Four drafts ordered at the same moment, by processes that know nothing of one another."""
    with llama(n_ctx=4 * CONTEXT, n_parallel=4, threads=2) as server:
        began = time.monotonic()
        together(lambda question: asked(server, once(question)))
        before, began = time.monotonic() - began, time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(
                data=Path(folder),
                llm_base_url=server.base_url,
                llm_model="smollm2",
                llm_context=CONTEXT,
                llm_timeout_s=600.0,
            )
            fence = secrets.token_hex(8)
            reads = together(lambda question: Counting.ask_for(settings, fence, question))
        seconds = time.monotonic() - began
    least = 100 * sorted(read.share for read in reads)[1]
    held = [
        report("ordered at once: of the prompt found cached", least, "%", least=80,
               note="the least of the second to fourth draft"),
        report("ordered at once: four drafts", seconds, "s"),
        report("ordered at once: four drafts, the task first", before, "s", note="as it was once"),
        report("ordered at once: against the task first", seconds / before, "×", most=0.5),
    ]  # fmt: skip
    return all(held)


def together(ask: Callable[[Prompt], "Read"]) -> list["Read"]:
    """What was read for the four drafts, each asked for by a thread."""
    with ThreadPoolExecutor(len(CONTENT_TYPES)) as threads:
        return list(threads.map(ask, questions(talks.material(TALKS[0]))))


class Counting(Chat):
    """The writer's own line to a server, which keeps what the server counted."""

    read = 0
    cached = 0

    @classmethod
    def ask_for(cls, settings: Settings, fence: str, question: Prompt) -> "Read":
        """One draft, as its process asks for it."""
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "draftmill.db"
            prepare(database)
            with closing(connect(database)) as db:
                add_running_job(db)
                job = find_job(db, "j1")
                assert job
                project = db.execute("select * from projects").fetchone()
                attempt = Attempt(settings, db, job, project, settings.data)
                with cls(attempt, fence) as chat:
                    budget = ANSWER // OVER_BUDGET
                    began = time.monotonic()
                    chat.ask("write", question, "Writing", budget=budget, of_cut=str, go_on=False)
                    return Read(chat.read, chat.cached, time.monotonic() - began)

    def _tell(self, event: dict[str, Any], *more: Any) -> None:
        super()._tell(event, *more)
        if usage := event.get("usage"):
            self.read = usage["prompt_tokens"]
            self.cached = usage["prompt_tokens_details"]["cached_tokens"]


def once(prompt: Prompt) -> list[dict[str, str]]:
    """The order of once: the task with the rules, then the recording, between a fence of its own."""
    asked = replace(prompt, system=f"{prompt.system}\n\n{prompt.task}", task="")
    return asked.messages(secrets.token_hex(8))


def drafts(server: Llama, ordered: Any) -> list[Read]:
    """Ask for the four drafts of a recording, one after the other."""
    return [asked(server, ordered(question)) for question in questions(recording())]


def questions(material: Material) -> list[Prompt]:
    """The questions for the four drafts of a recording."""
    source = fitting.text_of(fitting.parts_of(material), fitting.Style.of(material))
    facts = {"words": 700, "condensed": False, "timed": True, "pictures": False}
    return [
        prompts.task(content, material, source, "", **facts) for content in CONTENT_TYPES.values()
    ]


def recording() -> Material:
    """Two talks after one another: a quarter of an hour."""
    first, second = map(talks.material, TALKS)
    segments = tuple(replace(s, n=n) for n, s in enumerate((*first.segments, *second.segments)))
    return replace(first, segments=segments)


def asked(server: Llama, messages: list[dict[str, str]]) -> Read:
    fields = {"messages": messages, "max_tokens": ANSWER, "temperature": 0, "ignore_eos": True}
    request = urllib.request.Request(
        f"{server.base_url}/chat/completions",
        json.dumps(fields).encode(),
        {"Content-Type": "application/json"},
    )
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=600) as answer:
        found = json.load(answer)
    seconds = time.monotonic() - began
    timings = found["timings"]
    return Read(timings["cache_n"] + timings["prompt_n"], timings["cache_n"], seconds)


if __name__ == "__main__":
    sys.exit(main())
