"""One reading for four drafts: the order of a prompt, with the real llama.cpp and a small model.

The same words are asked in two orders, turn by turn: the task first and a new fence for each
request, as it was once, against the recording first with one fence, as it is. Each draft is as
many tokens long in both. Takes about three minutes.
"""

import json
import secrets
import sys
import time
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import ratios, report, report_rounds

from content_actions import CONTENT_TYPES
from draftmill.writers.material import Material
from draftmill.writers.model import fitting, prompts
from draftmill.writers.model.prompts import Prompt
from tests.support import talks
from tests.support.llama_server import Llama, llama

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
    return 0 if all(held) else 1


def once(prompt: Prompt) -> list[dict[str, str]]:
    """The order of once: the task with the rules, then the recording, between a fence of its own."""
    asked = replace(prompt, system=f"{prompt.system}\n\n{prompt.task}", task="")
    return asked.messages(secrets.token_hex(8))


def drafts(server: Llama, ordered: Any) -> list[Read]:
    """Ask for the four drafts of a recording, one after the other."""
    material = recording()
    source = fitting.text_of(fitting.parts_of(material), fitting.Style.of(material))
    facts = {"words": 700, "condensed": False, "timed": True, "pictures": False}
    questions = [
        prompts.task(content, material, source, "", **facts) for content in CONTENT_TYPES.values()
    ]
    return [asked(server, ordered(question)) for question in questions]


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
