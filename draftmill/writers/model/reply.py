"""A model's answer as it comes in, and whether it is one when it is whole."""

import re
from dataclasses import dataclass, field
from typing import Any

from draftmill.errors import Problem
from draftmill.model_servers.failures import BROKEN_DOWN, BROKEN_OFF, WILL_NOT
from draftmill.model_servers.server import Server
from draftmill.writers.model.stream import END
from draftmill.writers.model.thinking import answer_in

CHARACTERS_A_WORD = 7

EXCUSE = re.compile(
    r"\A\W*(?:(?:i['\u2019]?m|i am) (?:very |so |really )?sorry|sorry|i apologi[sz]e|as an ai|i)\b[^.\n]{0,60}"
    r"\b(?:can['\u2019]?t|cannot|can not|unable|not able|won['\u2019]?t|will not)\b[^.\n]{0,40}"
    r"\b(?:help|assist|comply|write|create|fulfil+|provide|generate|do that|continue|process)\b",
    re.IGNORECASE,
)
LONGEST_EXCUSE = 400
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


# Why an answer ended, in the words of OpenAI's, Gemini's, Mistral's, Anthropic's and other servers.
TOO_SHORT = {"length", "max_tokens", "model_length", "max_output_tokens", "token_limit"}
FILTERED = {
    "content_filter", "content-filter", "safety", "recitation", "blocklist", "prohibited_content",
    "spii", "refusal", "sensitive", "guardrail_intervened",
}  # fmt: skip
FAILED = {"error", "abort", "network_error"}


class ModelReplyEmpty(Problem):
    code = "model_reply_empty"
    default_message = "The model answered without any text."
    default_hint = "Press Retry, or choose another model."


class ModelReplyCutOff(Problem):
    code = "model_reply_cut_off"
    default_message = "The model's answer was cut off before its end."
    default_hint = (
        "Ask for a shorter draft, let the server give longer answers, or choose a model with a"
        " larger context."
    )


@dataclass
class Reply:
    """An answer as it comes in."""

    server: Server
    prompt: str = ""  # what was asked, of which no message may quote
    parts: list[str] = field(default_factory=list)
    characters: int = 0
    thought: int = 0  # characters of thinking aloud, which is no part of the draft
    blanks: int = 0
    refusal: str = ""
    finish: str = ""
    whole: bool = False  # the server said that this was all
    tools: bool = False  # the model called a tool
    circling: bool = False  # it was stopped because it repeated itself
    prompt_tokens: int = 0

    @property
    def words(self) -> int:
        """Roughly the words so far; scripts without spaces count by characters."""
        return max(self.blanks, self.characters // CHARACTERS_A_WORD)

    @property
    def cut(self) -> bool:
        """Whether it ended before its end."""
        return self.circling or self.finish in TOO_SHORT

    @property
    def begun(self) -> str:
        """What came of an answer that was cut off, without any thinking."""
        return answer_in(joined("".join(self.parts)))

    def take(self, event: dict[str, Any]) -> None:
        """Add one event of the stream, or a whole answer of a server that does not stream."""
        self.whole = self.whole or event is END
        self._count(event)
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict) or choice.get("index"):
            return
        said = choice.get("delta")
        if not isinstance(said, dict) or (not said and not self.characters):
            # At its end, a stream may hold the message that it was; whole answers do at once.
            said = choice.get("message")
        if isinstance(said, dict):
            self._hear(said)
        elif not self.characters:
            self._add(choice.get("text"))
        self.finish = _text(choice.get("finish_reason")).lower() or self.finish

    def _count(self, event: dict[str, Any]) -> None:
        usage = event.get("usage")
        count = usage.get("prompt_tokens") if isinstance(usage, dict) else None
        count = event.get("prompt_eval_count") if count is None else count
        if isinstance(count, int):
            self.prompt_tokens = count

    def _hear(self, said: dict[str, Any]) -> None:
        self._add(said.get("content"))
        self.refusal += _text(said.get("refusal"))
        self.thought += len(_text(said.get("reasoning_content") or said.get("reasoning")))
        self.tools = self.tools or bool(said.get("tool_calls") or said.get("function_call"))

    def _add(self, content: object) -> None:
        """Text, or a list of parts of which those of type "text" are the answer."""
        if isinstance(content, list):
            for part in content:
                self._add_part(part)
            return
        if isinstance(content, dict):
            self._add_part(content)
            return
        text = _text(content)
        self.parts.append(text)
        self.characters += len(text)
        self.blanks += text.count(" ") + text.count("\n")

    def _add_part(self, part: object) -> None:
        if isinstance(part, str):
            self._add(part)
        elif isinstance(part, dict) and part.get("type", "text") in ("text", "output_text"):
            text = part.get("text")
            self._add(_text(text.get("value") if isinstance(text, dict) else text))
        elif isinstance(part, dict):
            self.refusal += _text(part.get("refusal"))
            self.thought += len(str(part.get("thinking") or part.get("reasoning") or ""))

    def text(self) -> str:
        """The whole answer. Raises the Problem that says why there is none."""
        said = joined("".join(self.parts))
        if self.refusal or self.finish in FILTERED:
            raise self._will_not(self.refusal or (said if len(said) <= LONGEST_EXCUSE else ""))
        if self.finish in FAILED:
            raise self.server.problem(BROKEN_DOWN)
        if self.finish in TOO_SHORT:
            raise ModelReplyCutOff
        came = self.characters or self.thought or self.tools
        if not self.finish and not (self.whole and came):
            raise self.server.problem(BROKEN_OFF)
        return self._answer(said)

    def _answer(self, said: str) -> str:
        text = answer_in(said)
        if not text and self.tools:
            raise ModelReplyEmpty("The model called a tool and wrote nothing.")
        if not text and (self.thought or said.strip()):
            raise ModelReplyEmpty("The model only thought aloud, and wrote nothing.")
        if not text:
            raise ModelReplyEmpty
        if len(text) <= LONGEST_EXCUSE and EXCUSE.match(text):
            raise self._will_not(text)
        return text

    def _will_not(self, reason: str) -> Problem:
        return self.server.problem(WILL_NOT, self.server.quoted(reason, self.prompt))


def joined(text: str) -> str:
    """Text that can be stored: halves of a sign that came in two events are put together."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return UNSTORABLE.sub("", whole)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
