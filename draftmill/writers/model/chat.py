"""The line to the model server: one question, one streamed answer, kept when it is whole."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from draftmill.jobs.attempt import Attempt
from draftmill.model_servers.server import LARGEST_REPLY, ServerProblem, writing
from draftmill.settings import hint_for
from draftmill.writers.model import cut_answers, reading, stream
from draftmill.writers.model.first_reading import FirstReading
from draftmill.writers.model.fitting import tokens
from draftmill.writers.model.manner import Manner
from draftmill.writers.model.prompts import Prompt
from draftmill.writers.model.repeats import Watch
from draftmill.writers.model.reply import ModelReplyCutOff, ModelReplyEmpty, Reply

LONGEST_REPLY = 8  # characters for each token of the model's context
SHARED = {"notes"}  # stages whose answers serve all drafts of a project
OF_THE_MATERIAL = {"write", "part"}  # stages whose questions all begin with the same recording
OVER_BUDGET = 4  # times the budget: models think aloud before they write
SHORTEST_REPLY = 256  # tokens
CIRCLES = "The model's answer repeated itself without end."
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
        self.cut: dict[str, bool] = {}  # by stage: whether its last answer lacks its end
        self.inside = attempt.settings.writer == "inside"
        self.manner = Manner(progress=self.inside)
        self.reading: FirstReading | None = None
        self.server = writing(attempt.settings)
        self.line = self.server.line()

    def __enter__(self) -> "Chat":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def ask(
        self,
        stage: str,
        prompt: Prompt,
        message: str,
        accept: Callable[[str], None] = lambda text: None,
        budget: int = 0,
        of_cut: Callable[[str], str] = lambda text: "",
        *,
        go_on: bool = True,
    ) -> str:
        """The model's answer, from an earlier attempt of this job (or another's) when there is one.

        `accept` raises when the answer cannot be used; only a usable one is kept. `budget` is
        the tokens that it is meant to take, 0 for what there is room for. `of_cut` says what of
        an answer without its end can be used, "" for nothing; `go_on` asks for that end first.
        Raises the Problem that says why there is none.
        """
        key = prompt.key(self.settings.llm_model)
        attempt = self.attempt
        find = attempt.shared_checkpoint if stage in SHARED else attempt.checkpoint
        kept = find(stage, key)
        if kept is None:
            with self._in_turn(stage):
                kept = self._whole(prompt, message, budget, of_cut, go_on=go_on)
            accept(kept["text"])
            self.attempt.keep(stage, key, kept)
        self.cut[stage] = bool(kept.get("cut"))
        return str(kept["text"])

    @contextmanager
    def _in_turn(self, stage: str) -> Iterator[None]:
        """For the `with` block another draft's reading is waited for, and others wait for ours.

        Drafts of the model inside take turns as a whole.
        """
        if self.inside or stage not in OF_THE_MATERIAL:
            yield
            return
        with FirstReading(self.attempt, self.fence) as self.reading:
            yield
        self.reading = None

    def _whole(
        self,
        prompt: Prompt,
        message: str,
        budget: int,
        of_cut: Callable[[str], str],
        *,
        go_on: bool,
    ) -> dict[str, Any]:
        """An answer; where it is cut off it is asked to go on, once."""
        reply = self._answered(prompt, message, self._most(prompt, budget))
        self._doubt(prompt, reply)
        if not reply.cut:
            return {"text": reply.text()}
        text = reply.begun
        if go_on and not reply.circling:
            text, whole = self._gone_on(prompt, message, budget, text)
            if whole:
                return {"text": text}
        usable = of_cut(text)
        if not usable:
            raise ModelReplyCutOff(CIRCLES if reply.circling else None)
        return {"text": usable, "cut": True}

    def _gone_on(self, prompt: Prompt, message: str, budget: int, text: str) -> tuple[str, bool]:
        """An answer with what comes behind its last whole sentence, and whether that is all of it.

        One that was cut off while the model thought aloud is begun again, without a bound.
        """
        said = cut_answers.to_go_on_from(text)
        asked = replace(prompt, said=said)
        if said and self._room(asked) < SHORTEST_REPLY:
            return text, False
        try:
            reply = self._answered(asked, message, self._most(asked, budget) if said else 0)
            more = reply.begun if reply.cut else reply.text()
        except (ModelReplyEmpty, ServerProblem) as problem:
            if problem.transient:
                raise
            return text, False
        return (cut_answers.together(said, more) if said else more), not reply.cut

    def _room(self, prompt: Prompt) -> int:
        """The tokens that the model's context has left; our count is generous."""
        asked = tokens(prompt.system) + tokens(prompt.user) + tokens(prompt.said)
        return self.settings.llm_context - asked

    def _most(self, prompt: Prompt, budget: int) -> int:
        """The most tokens of an answer."""
        room = max(SHORTEST_REPLY, self._room(prompt))
        return min(room, OVER_BUDGET * budget) if budget else room

    def _answered(self, prompt: Prompt, message: str, most: int) -> Reply:
        """An answer, asked for again where the server refuses only the manner of asking."""
        while True:
            try:
                return self._stream(prompt, message, most)
            except ServerProblem as problem:
                easier = self.manner.eased(problem)
                if easier is None:
                    raise
                self.manner = easier

    def _stream(self, prompt: Prompt, message: str, most: int) -> Reply:
        messages = prompt.messages(self.fence)
        reply = Reply(self.server, prompt="\n".join(one["content"] for one in messages))
        longest = min(self.settings.llm_context * LONGEST_REPLY, LARGEST_REPLY)
        self.attempt.progress(self.words, None, "words", message)
        watch = Watch()
        with closing(self._events(self.manner.messages(messages), reply.prompt, most)) as events:
            for event in events:
                reply.take(event)
                if reply.characters + reply.thought > longest:
                    raise ModelReplyCutOff("The model's answer did not come to an end.")
                self._tell(event, reply, message)
                if watch.sees(reply.parts, reply.characters):
                    reply.circling = True
                    break
        self.words += reply.words
        return reply

    def _tell(self, event: dict[str, Any], reply: Reply, message: str) -> None:
        reads = reading.told(event, message)
        self.attempt.progress(self.words + reply.words, None, "words", reads or message)
        if reads:
            self.attempt.touch()
        if self.reading and (reply.characters or reply.thought):
            self.reading.heard(event)
            self.reading = None
        if self.inside:
            reading.keep_pace(self.attempt.db, self.settings.llm_model, event)

    def _events(
        self, messages: list[Any], prompt: str, most: int
    ) -> Generator[dict[str, Any], None, None]:
        """Errors of the wire become Problems here, and nowhere else."""
        asked = {"model": self.settings.llm_model, "messages": messages}
        asked |= self.manner.options(most)
        with (
            self.server.problems(prompt),
            self.line.streamed("chat/completions", asked) as response,
        ):
            kind = response.headers.get("content-type", "")
            yield from stream.read(response.iter_bytes(), kind, self.server, prompt)

    def _doubt(self, prompt: Prompt, reply: Reply) -> None:
        """Some servers drop the start of a long request without a word; their count tells."""
        if 0 < reply.prompt_tokens < prompt.characters // SHORTEST_PROMPT:
            self.attempt.warn(
                f"The model server read only {reply.prompt_tokens:,} tokens of the request: parts of"
                " the recording may be missing. Give the model a larger context on its server, or "
                + hint_for(
                    "llm_context",
                    "set {variable} to what it has and start Draftmill again.",
                    "type what it has in the settings, “Writing”.",
                )
            )
