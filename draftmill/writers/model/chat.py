"""The line to the model server: one question, one streamed answer, kept when it is whole."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from draftmill.jobs.attempt import Attempt
from draftmill.model_servers.server import LARGEST_REPLY, ServerProblem, writing
from draftmill.writers.model import reading, stream
from draftmill.writers.model.manner import Manner
from draftmill.writers.model.prompts import Prompt
from draftmill.writers.model.reply import ModelReplyCutOff, Reply

LONGEST_REPLY = 8  # characters for each token of the model's context
SHORTEST_PROMPT = 7  # fewer tokens than one for so many characters: the server read only a part


class Chat:
    """A conversation of one attempt with the model server. Use it in a `with`.

    `fence` stands around whatever is data in its questions.
    """

    def __init__(self, attempt: Attempt, fence: str = "") -> None:
        self.attempt = attempt
        self.fence = fence
        self.settings = attempt.settings
        self.words = 0
        self.inside = attempt.settings.writer == "inside"
        self.manner = Manner(progress=self.inside)
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
        reply = self._answered(prompt, message)
        text = reply.text()
        accept(text)
        self.attempt.keep(stage, key, {"text": text})
        self.words += reply.words
        self._doubt(prompt, reply)
        return text

    def _answered(self, prompt: Prompt, message: str) -> Reply:
        """An answer, asked for again where the server refuses only the manner of asking."""
        while True:
            try:
                return self._stream(prompt, message)
            except ServerProblem as problem:
                easier = self.manner.eased(problem)
                if easier is None:
                    raise
                self.manner = easier

    def _stream(self, prompt: Prompt, message: str) -> Reply:
        messages = prompt.messages(self.fence)
        reply = Reply(self.server, prompt="\n".join(one["content"] for one in messages))
        longest = min(self.settings.llm_context * LONGEST_REPLY, LARGEST_REPLY)
        self.attempt.progress(self.words, None, "words", message)
        with closing(self._events(self.manner.messages(messages), reply.prompt)) as events:
            for event in events:
                reply.take(event)
                if reply.characters + reply.thought > longest:
                    raise ModelReplyCutOff("The model's answer did not come to an end.")
                self._tell(event, reply, message)
        return reply

    def _tell(self, event: dict[str, Any], reply: Reply, message: str) -> None:
        reads = reading.told(event, message)
        self.attempt.progress(self.words + reply.words, None, "words", reads or message)
        if reads:
            self.attempt.touch()
        if self.inside:
            reading.keep_pace(self.attempt.db, self.settings.llm_model, event)

    def _events(self, messages: list[Any], prompt: str) -> Generator[dict[str, Any], None, None]:
        """Errors of the wire become Problems here, and nowhere else."""
        asked = self.client.chat.completions.with_streaming_response.create(
            model=self.settings.llm_model, messages=messages, **self.manner.options()
        )
        with self.server.problems(prompt), asked as response:
            kind = response.headers.get("content-type", "")
            yield from stream.read(response.iter_bytes(), kind, self.server, prompt)

    def _doubt(self, prompt: Prompt, reply: Reply) -> None:
        """Some servers drop the start of a long request without a word; their count tells."""
        if 0 < reply.prompt_tokens < prompt.characters // SHORTEST_PROMPT:
            self.attempt.warn(
                f"The model server read only {reply.prompt_tokens:,} tokens of the request: parts of"
                " the recording may be missing. Give the model a larger context on its server,"
                " or set DRAFTMILL_LLM_CONTEXT to what it has."
            )
