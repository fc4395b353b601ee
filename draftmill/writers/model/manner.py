"""How a model server likes to be asked: what one refuses, the next requests do without."""

import re
from dataclasses import dataclass, replace
from typing import Any

from draftmill.model_servers.failures import BROKEN_DOWN, REFUSED, TOO_LARGE
from draftmill.model_servers.server import ServerProblem

TEMPERATURE = 0.3  # low: a draft is to say what was said
# What a server says when it refuses the part of a request that the field stands for.
REFUSED_PARTS = {
    "system": re.compile(
        r"system[ _'\"`]*(?:role|prompt|message|instruction)|role.{0,60}system|system.{0,60}\broles?\b"
        r"|\broles? (?:must|are|should)|developer instruction|'user' or 'assistant'",
        re.IGNORECASE | re.DOTALL,
    ),
    "usage": re.compile(r"stream[_ ]options|include_usage", re.IGNORECASE),
    "stream": re.compile(r"\bstream(?:ing|ed|s)?\b", re.IGNORECASE),
    "warmth": re.compile(r"temperature", re.IGNORECASE),
    "limit": re.compile(r"max_(?:completion_|new_|output_)?tokens", re.IGNORECASE),
}
# The bound alone is more than the model ever writes, or than is left beside the question.
LIMIT_TOO_LARGE = re.compile(
    r"max_(?:completion_|new_|output_)?tokens\W{0,2} (?:is )?(?:too (?:large|high|big)|exceed)",
    re.I,
)
OPTIONS = ("usage", "warmth", "limit")  # what goes first when a server gives no reason
NEXT_LIMIT = {"max_tokens": "max_completion_tokens", "max_completion_tokens": ""}


@dataclass(frozen=True)
class Manner:
    """A system message of its own, a count of what was read, an answer in a stream.

    `warmth` says that a temperature is named, `limit` under which name the most tokens are; ""
    leaves them to the server.
    """

    system: bool = True
    usage: bool = True
    stream: bool = True
    progress: bool = False  # it tells how far it has read
    warmth: bool = True
    limit: str = "max_tokens"

    def eased(self, problem: ServerProblem) -> "Manner | None":
        """The manner without what the server refused; None when that was something else."""
        said = problem.said
        if said is None or problem.failure not in (REFUSED, BROKEN_DOWN, TOO_LARGE):
            return None
        if problem.failure is TOO_LARGE:
            too_much = self.limit and LIMIT_TOO_LARGE.search(said.all)
            return replace(self, limit="") if too_much else None
        named = [part for part, words in REFUSED_PARTS.items() if words.search(said.all)]
        named += ["stream"] if said.status == 501 else []
        for part in named:
            if getattr(self, part):
                return self._without(part)
        return self._plainer() if said.status in (400, 422) else None

    def _without(self, part: str) -> "Manner":
        if part == "limit":
            return replace(self, limit=NEXT_LIMIT[self.limit])
        changed: dict[str, Any] = {part: False}
        return replace(self, **changed)

    def _plainer(self) -> "Manner | None":
        """For a server that gives no reason: first without all options, then without a system."""
        if any(getattr(self, part) for part in OPTIONS):
            return replace(self, usage=False, warmth=False, limit="")
        return replace(self, system=False) if self.system else None

    def messages(self, messages: list[dict[str, str]]) -> list[dict[str, str]]:
        """The messages of a request; without a system's, its text stands before the person's."""
        if self.system:
            return messages
        first, second, *others = messages
        return [
            {"role": "user", "content": f"{first['content']}\n\n{second['content']}"},
            *others,
        ]

    def options(self, most: int = 0) -> dict[str, Any]:
        """The request's other fields, for an answer of at most `most` tokens."""
        options: dict[str, Any] = {"stream": self.stream}
        if self.usage and self.stream:
            options["stream_options"] = {"include_usage": True}
        if self.progress and self.stream:
            options["return_progress"] = True
        if self.warmth:
            options["temperature"] = TEMPERATURE
        if self.limit and most:
            options[self.limit] = most
        return options
