"""How a model server likes to be asked: what one refuses, the next requests do without."""

import re
from dataclasses import dataclass, replace
from typing import Any

from draftmill.model_servers.failures import BROKEN_DOWN, REFUSED
from draftmill.model_servers.server import ServerProblem

# What a server says when it refuses the part of a request that the field stands for.
REFUSED_PARTS = {
    "system": re.compile(
        r"system[ _'\"`]*(?:role|prompt|message|instruction)|role.{0,60}system|system.{0,60}\broles?\b"
        r"|\broles? (?:must|are|should)|developer instruction|'user' or 'assistant'",
        re.IGNORECASE | re.DOTALL,
    ),
    "usage": re.compile(r"stream[_ ]options|include_usage", re.IGNORECASE),
    "stream": re.compile(r"\bstream(?:ing|ed|s)?\b", re.IGNORECASE),
}
DOUBTED = ("usage", "system")  # what goes first when a server gives no reason


@dataclass(frozen=True)
class Manner:
    """A system message of its own, a count of what was read, an answer in a stream."""

    system: bool = True
    usage: bool = True
    stream: bool = True
    progress: bool = False  # it tells how far it has read

    def eased(self, problem: ServerProblem) -> "Manner | None":
        """The manner without what the server refused; None when that was something else."""
        said = problem.said
        if said is None or problem.failure not in (REFUSED, BROKEN_DOWN):
            return None
        named = [part for part, words in REFUSED_PARTS.items() if words.search(said.all)]
        named += ["stream"] if said.status == 501 else []
        doubted = DOUBTED if said.status in (400, 422) else ()
        for part in [*named, *doubted]:
            if getattr(self, part):
                return replace(self, **{part: False})
        return None

    def messages(self, messages: list[dict[str, str]]) -> list[dict[str, str]]:
        """The messages of a request; without a system's, its text stands before the person's."""
        if self.system:
            return messages
        return [{"role": "user", "content": "\n\n".join(one["content"] for one in messages)}]

    def options(self) -> dict[str, Any]:
        """The request's other fields."""
        usage = {"stream_options": {"include_usage": True}} if self.usage and self.stream else {}
        progress = (
            {"extra_body": {"return_progress": True}} if self.progress and self.stream else {}
        )
        return {"stream": self.stream, **usage, **progress}
