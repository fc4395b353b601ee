"""The line to the model server: one question, one streamed answer, kept when it is whole."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

import openai

from draftmill.jobs.attempt import Attempt
from draftmill.model_servers.answers import json_in
from draftmill.model_servers.failures import BROKEN_DOWN, REFUSED, WEB_PAGE
from draftmill.model_servers.server import writing
from draftmill.writers.model.prompts import Prompt
from draftmill.writers.model.reply import ModelReplyCutOff, Reply

LONGEST_REPLY = 8  # characters for each token of the model's context
SHORTEST_PROMPT = 7  # fewer tokens than one for so many characters: the server read only a part


class Chat:
    """A conversation of one attempt with the model server. Use it in a `with`."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.settings = attempt.settings
        self.words = 0
        self._extras: dict[str, Any] = {"stream_options": {"include_usage": True}}
        self.server = writing(attempt.settings)
        self.client = self.server.client()

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
        Raises the Problem that says why there is none.
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
        reply = Reply(self.server)
        longest = self.settings.llm_context * LONGEST_REPLY
        self.attempt.progress(self.words, None, "words", message)
        with closing(self._events(prompt.messages())) as events:
            for event in events:
                reply.take(event)
                if reply.characters + reply.thought > longest:
                    raise ModelReplyCutOff("The model's answer did not come to an end.")
                self.attempt.progress(self.words + reply.words, None, "words", message)
        return reply

    def _events(self, messages: list[Any]) -> Generator[dict[str, Any], None, None]:
        """Errors of the wire become Problems here, and nowhere else."""
        asked = "\n".join(message["content"] for message in messages)
        with self.server.problems(asked), self._open(messages) as stream:
            kind = stream.response.headers.get("content-type", "")
            if "text/html" in kind:
                raise self.server.problem(WEB_PAGE)
            if "application/json" in kind:
                yield self._whole(stream.response.read())
                return
            for chunk in stream:
                yield _plain(chunk)

    def _open(self, messages: list[Any]) -> openai.Stream[Any]:
        try:
            return self._create(messages)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            # Some servers refuse a parameter that they do not know; we can do without ours.
            if self.server.problem_of(error).failure is not REFUSED or not self._extras:
                raise
        self._extras = {}
        return self._create(messages)

    def _create(self, messages: list[Any]) -> openai.Stream[Any]:
        stream: openai.Stream[Any] = self.client.chat.completions.create(
            model=self.settings.llm_model, messages=messages, stream=True, **self._extras
        )
        return stream

    def _whole(self, content: bytes) -> dict[str, Any]:
        answer = json_in(content)
        if not isinstance(answer, dict) or answer.get("error"):
            raise self.server.problem(BROKEN_DOWN)
        return answer

    def _doubt(self, prompt: Prompt, reply: Reply) -> None:
        """Some servers drop the start of a long request without a word; their count tells."""
        if 0 < reply.prompt_tokens < prompt.characters // SHORTEST_PROMPT:
            self.attempt.warn(
                f"The model server read only {reply.prompt_tokens:,} tokens of the request: parts of"
                " the recording may be missing. Give the model a larger context on its server,"
                " or set DRAFTMILL_LLM_CONTEXT to what it has."
            )


def _plain(chunk: Any) -> dict[str, Any]:
    """The event as JSON: the client builds its classes around anything a server sends."""
    if isinstance(chunk, dict):
        return chunk
    if not isinstance(chunk, openai.BaseModel):
        return {}
    return chunk.to_dict(mode="python", warnings=False)
