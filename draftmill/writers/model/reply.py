"""A model's answer as it comes in, and whether it is one when it is whole."""

import re
from dataclasses import dataclass, field
from typing import Any

from draftmill.errors import Problem
from draftmill.model_servers.failures import BROKEN_OFF, WILL_NOT
from draftmill.model_servers.server import Server

CHARACTERS_A_WORD = 7

THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
OPEN_THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>")
EXCUSE = re.compile(
    r"\A\W*(?:(?:i['\u2019]?m|i am) (?:very |so |really )?sorry|sorry|i apologi[sz]e|as an ai|i)\b[^.\n]{0,60}"
    r"\b(?:can['\u2019]?t|cannot|can not|unable|not able|won['\u2019]?t|will not)\b[^.\n]{0,40}"
    r"\b(?:help|assist|comply|write|create|fulfil+|provide|generate|do that|continue|process)\b",
    re.IGNORECASE,
)
LONGEST_EXCUSE = 400


class ModelReplyEmpty(Problem):
    code = "model_reply_empty"
    default_message = "The model answered without any text."
    default_hint = "Press Retry, or choose another model."


class ModelReplyCutOff(Problem):
    code = "model_reply_cut_off"
    default_message = "The model's answer was cut off before its end."
    default_hint = "Ask for a shorter draft, or choose a model with a larger context."


@dataclass
class Reply:
    """An answer as it comes in."""

    server: Server
    parts: list[str] = field(default_factory=list)
    characters: int = 0
    thought: int = 0  # characters of thinking aloud, which is no part of the draft
    blanks: int = 0
    refusal: str = ""
    finish: str = ""
    prompt_tokens: int = 0

    @property
    def words(self) -> int:
        """Roughly the words so far; scripts without spaces count by characters."""
        return max(self.blanks, self.characters // CHARACTERS_A_WORD)

    def take(self, event: dict[str, Any]) -> None:
        """Add one event of the stream, or a whole answer of a server that does not stream."""
        usage = event.get("usage")
        if isinstance(usage, dict) and isinstance(usage.get("prompt_tokens"), int):
            self.prompt_tokens = usage["prompt_tokens"]
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        said = choice.get("delta") or choice.get("message")
        if isinstance(said, dict):
            self._add(said.get("content"))
            self.refusal += _text(said.get("refusal"))
            self.thought += len(_text(said.get("reasoning_content") or said.get("reasoning")))
        self.finish = _text(choice.get("finish_reason")) or self.finish

    def _add(self, content: object) -> None:
        text = _text(content)
        self.parts.append(text)
        self.characters += len(text)
        self.blanks += text.count(" ") + text.count("\n")

    def text(self) -> str:
        """The whole answer. Raises the Problem that says why there is none."""
        if self.refusal or self.finish == "content_filter":
            raise self.server.problem(WILL_NOT)
        if not self.finish:
            raise self.server.problem(BROKEN_OFF)
        if self.finish == "length":
            raise ModelReplyCutOff
        text = THOUGHT.sub("", "".join(self.parts), count=1).strip()
        if not text or OPEN_THOUGHT.match(text):
            raise ModelReplyEmpty
        if len(text) <= LONGEST_EXCUSE and EXCUSE.match(text):
            raise self.server.problem(WILL_NOT)
        return text


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
