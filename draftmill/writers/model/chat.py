"""The line to the model server: one question, one streamed answer, kept when it is whole."""

import json
import re
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai
from openai import Omit, Timeout

from draftmill.jobs.attempt import Attempt
from draftmill.settings import Settings
from draftmill.writers.model import model_errors as problems
from draftmill.writers.model.prompts import Prompt

CONNECT_S = 10.0
CHARACTERS_A_WORD = 7
LONGEST_REPLY = 8  # characters for each token of the model's context
SHORTEST_PROMPT = 7  # fewer tokens than one for so many characters: the server read only a part

THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
OPEN_THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>")
EXCUSE = re.compile(
    r"\A\W*(?:(?:i['\u2019]?m|i am) (?:very |so |really )?sorry|sorry|i apologi[sz]e|as an ai|i)\b[^.\n]{0,60}"
    r"\b(?:can['\u2019]?t|cannot|can not|unable|not able|won['\u2019]?t|will not)\b[^.\n]{0,40}"
    r"\b(?:help|assist|comply|write|create|fulfil+|provide|generate|do that|continue|process)\b",
    re.IGNORECASE,
)
LONGEST_EXCUSE = 400


@dataclass
class Reply:
    """An answer as it comes in."""

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
            raise problems.ModelReplyRefused()
        if not self.finish:
            raise problems.ModelReplyBroken()
        if self.finish == "length":
            raise problems.ModelReplyCutOff()
        text = THOUGHT.sub("", "".join(self.parts), count=1).strip()
        if not text or OPEN_THOUGHT.match(text):
            raise problems.ModelReplyEmpty()
        if len(text) <= LONGEST_EXCUSE and EXCUSE.match(text):
            raise problems.ModelReplyRefused()
        return text


class Chat:
    """A conversation of one attempt with the model server. Use it in a `with`."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.settings = attempt.settings
        self.words = 0
        self._extras: dict[str, Any] = {"stream_options": {"include_usage": True}}
        try:
            self.client = _client(attempt.settings)
        except (httpx2.InvalidURL, ValueError):
            raise problems.ModelAddressWrong() from None

    def __enter__(self) -> "Chat":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def ask(
        self,
        stage: str,
        prompt: Prompt,
        message: str,
        accept: Callable[[str], None] = lambda text: None,
    ) -> str:
        """The model's answer, from an earlier attempt of this job when there is one.

        `accept` raises when the answer cannot be used; only a usable one is kept.
        Raises a Problem of model_errors.
        """
        key = prompt.key(self.settings.llm_model)
        kept = self.attempt.checkpoint(stage, key)
        if kept is not None:
            return str(kept["text"])
        reply = self._stream(prompt, message)
        text = reply.text()
        accept(text)
        self.attempt.keep(stage, key, {"text": text})
        self.words += reply.words
        self._doubt(prompt, reply)
        return text

    def _stream(self, prompt: Prompt, message: str) -> Reply:
        reply = Reply()
        longest = self.settings.llm_context * LONGEST_REPLY
        self.attempt.progress(self.words, None, "words", message)
        with closing(self._events(prompt.messages())) as events:
            for event in events:
                reply.take(event)
                if reply.characters + reply.thought > longest:
                    raise problems.ModelReplyCutOff("The model's answer did not come to an end.")
                self.attempt.progress(self.words + reply.words, None, "words", message)
        return reply

    def _events(self, messages: list[Any]) -> Generator[dict[str, Any], None, None]:
        """Errors of the wire become Problems here, and nowhere else."""
        try:
            with self._open(messages) as stream:
                kind = stream.response.headers.get("content-type", "")
                if "text/html" in kind:
                    raise problems.ModelAddressWrong("The address answers with a web page.")
                if "application/json" in kind:
                    yield _whole(stream.response.read())
                    return
                for chunk in stream:
                    yield _plain(chunk)
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise problems.translate(error) from None

    def _open(self, messages: list[Any]) -> openai.Stream[Any]:
        try:
            return self._create(messages)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            # Some servers refuse a parameter that they do not know; we can do without ours.
            refused = isinstance(problems.translate(error), problems.ModelRequestRefused)
            if not (refused and self._extras):
                raise
        self._extras = {}
        return self._create(messages)

    def _create(self, messages: list[Any]) -> openai.Stream[Any]:
        stream: openai.Stream[Any] = self.client.chat.completions.create(
            model=self.settings.llm_model, messages=messages, stream=True, **self._extras
        )
        return stream

    def _doubt(self, prompt: Prompt, reply: Reply) -> None:
        """Some servers drop the start of a long request without a word; their count tells."""
        if 0 < reply.prompt_tokens < prompt.characters // SHORTEST_PROMPT:
            self.attempt.warn(
                f"The model server read only {reply.prompt_tokens:,} tokens of the request: parts of"
                " the recording may be missing. Give the model a larger context on its server,"
                " or set DRAFTMILL_LLM_CONTEXT to what it has."
            )


def _client(settings: Settings) -> openai.OpenAI:
    """No retries of its own: the job's are counted, shown, and survive a restart."""
    address = httpx2.URL(settings.llm_base_url)
    if address.scheme not in ("http", "https") or not address.host:
        raise problems.ModelAddressWrong
    return openai.OpenAI(
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key or "none",
        max_retries=0,
        timeout=Timeout(settings.llm_timeout_s, connect=min(CONNECT_S, settings.llm_timeout_s)),
        # Ids that the environment holds for OpenAI are nobody else's business.
        default_headers={"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()},  # type: ignore[dict-item]
    )


def _whole(content: bytes) -> dict[str, Any]:
    answer = json.loads(content)
    if not isinstance(answer, dict) or answer.get("error"):
        raise problems.ModelServerError()
    return answer


def _plain(chunk: Any) -> dict[str, Any]:
    """The event as JSON: the client builds its classes around anything a server sends."""
    if isinstance(chunk, dict):
        return chunk
    if not isinstance(chunk, openai.BaseModel):
        return {}
    return chunk.to_dict(mode="python", warnings=False)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
