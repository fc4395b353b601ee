"""Two sentences by the language model, about the recording that comes with Draftmill."""

import re
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.model_servers.line import Line
from draftmill.model_servers.models import context_of
from draftmill.model_servers.server import Server, ServerProblem, writing
from draftmill.models import running
from draftmill.settings import Settings, resources
from draftmill.trials.outcome import Trial
from draftmill.writers.model import reading, stream
from draftmill.writers.model.manner import Manner
from draftmill.writers.model.reply import ModelReplyEmpty, Reply, joined
from draftmill.writers.model.thinking import answer_in

LIMIT_S = 24.0  # until it is cut off: whoever pressed waits for it
LOADING_S, INSIDE_S = 25.0, 30.0  # of a model of this machine: to load it, and to hear it
SENTENCES = 2
ENOUGH = 700  # characters, of a model that ends no sentence
SYSTEM = "You write plain, exact English."
ASK = "Below is the beginning of a talk. Say in two sentences what it is about.\n\n"
PARAGRAPHS = 3  # of the sample
# Where a sentence ends; looked for alone, as a text that ends none would be read from each letter.
SENTENCE_END = re.compile(r"(?!\A)[.!?…][\"'”’)]*+(?=\s|\Z)")


class ModelBusy(Problem):
    code = "model_writes"
    default_message = "A draft is being written with this model."
    default_hint = "Try it when the draft is done."


class ModelLoading(Problem):
    code = "model_loading"
    default_message = "The model is still being loaded."
    default_hint = "It goes on loading: try it again in a moment."


def write(settings: Settings) -> Trial:
    """Have the model write. Raises a ServerProblem, or the Problem of an answer that is none."""
    if settings.writer == "inside":
        with running.turn(settings, settings.inside_model, _at_work):
            return _measured(running.at_hand(settings, _loading(settings)))
    server = replace(writing(settings), timeout_s=min(settings.llm_timeout_s, LIMIT_S))
    trial = _written(server)
    with suppress(ServerProblem):
        # Asked last: by now the model is loaded, and servers tell with how much.
        trial = replace(trial, context=context_of(replace(server, timeout_s=3.0)))
    return trial


def _at_work() -> None:
    raise ModelBusy


def _loading(settings: Settings) -> Callable[[], None]:
    """What is called while a model is loaded; it raises ModelLoading after a while."""
    until = time.monotonic() + LOADING_S

    def look() -> None:
        if time.monotonic() > until:
            percent = running.percent_loaded(settings, settings.inside_model)
            raise ModelLoading(
                f"The model is still being loaded, {percent} % so far." if percent else None
            )

    return look


def _measured(settings: Settings) -> Trial:
    """Have the model of this machine write; how fast it was is kept, for what drafts will take."""
    server = replace(writing(settings), timeout_s=INSIDE_S)
    asked = _Asked(server, Manner(), timed=True, limit_s=INSIDE_S)
    trial = asked.trial()
    with closing(connect(settings.database)) as db:
        reading.keep_pace(db, settings.llm_model, asked.timings)
    return replace(trial, context=settings.llm_context)


def sample() -> str:
    """The first paragraphs of the words of the sample."""
    text = (resources() / "static" / "sample" / "sample.txt").read_text(encoding="utf-8")
    return "\n\n".join(text.split("\n\n")[:PARAGRAPHS])


def _written(server: Server) -> Trial:
    manner = Manner()
    while True:
        try:
            return _Asked(server, manner).trial()
        except ServerProblem as problem:
            easier = manner.eased(problem)
            if easier is None:
                raise
            manner = easier


class _Asked:
    """One question, and its answer as it comes; `timed` asks llama.cpp to tell its pace."""

    def __init__(
        self, server: Server, manner: Manner, *, timed: bool = False, limit_s: float = LIMIT_S
    ) -> None:
        self.server = server
        self.manner = manner
        self.limit_s = limit_s
        self.more: dict[str, Any] = {"timings_per_token": True} if timed else {}
        self.timings: dict[str, Any] = {}
        self.prompt = ASK + sample()
        self.began = time.monotonic()
        self.first = self.last = 0.0
        self.pieces = self.counted = 0

    def trial(self) -> Trial:
        reply = Reply(self.server, prompt=self.prompt)
        with closing(self.server.line()) as line, closing(self._events(line)) as events:
            for event in events:
                reply.take(event)
                self._time(event)
                if self._enough(reply):
                    break
        said = answer_in(joined("".join(reply.parts)))
        cut = time.monotonic() - self.began >= self.limit_s
        if not said and cut:
            raise ModelReplyEmpty(f"The model wrote nothing within {self.limit_s:g} seconds.")
        return Trial(
            shown(said or reply.text()), self._rate(), time.monotonic() - self.began, whole=not cut
        )

    def _events(self, line: Line) -> Generator[dict[str, Any]]:
        messages = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": self.prompt},
        ]
        asked = {"model": self.server.model, "messages": self.manner.messages(messages)}
        asked |= self.manner.options() | self.more
        with (
            self.server.problems(self.prompt),
            line.streamed("chat/completions", asked) as response,
        ):
            kind = response.headers.get("content-type", "")
            yield from stream.read(response.iter_bytes(), kind, self.server, self.prompt)

    def _time(self, event: dict[str, Any]) -> None:
        usage = event.get("usage")
        counted = usage.get("completion_tokens") if isinstance(usage, dict) else None
        self.counted = counted if isinstance(counted, int) else self.counted
        if "timings" in event:
            self.timings = event
        if event.get("choices"):
            self.last = time.monotonic()
            self.first = self.first or self.last
            self.pieces += 1

    def _enough(self, reply: Reply) -> bool:
        if time.monotonic() - self.began >= self.limit_s:
            return True
        said = answer_in("".join(reply.parts)) if reply.characters else ""
        return len(said) > ENOUGH or len(_sentences(said)) > SENTENCES

    def _rate(self) -> float | None:
        """Tokens a second, from the first one on; of an answer in one piece from the question on."""
        tokens = max(self.counted, self.pieces)
        since = self.first if self.pieces > SENTENCES else self.began
        passed_s = self.last - since
        return tokens / passed_s if passed_s > 0 and tokens > SENTENCES else None


def shown(text: str) -> str:
    """The first two sentences of an answer, or its beginning."""
    found = _sentences(text)[:SENTENCES]
    return ("".join(found) if found else text)[:ENOUGH].strip()


def _sentences(text: str) -> list[str]:
    """The whole sentences of a text, each with the space before it."""
    ends = [0, *(match.end() for match in SENTENCE_END.finditer(text))]
    return [text[start:end] for start, end in pairwise(ends)]
