"""What a model is asked: the material as far as it fits its context, then the task."""

from typing import Protocol

from draftmill.errors import Problem
from draftmill.settings import hint_for
from draftmill.writers.model import fitting, notes, prompts
from draftmill.writers.model.desk import WORDS_A_TOKEN, Desk, size
from draftmill.writers.model.fitting import tokens
from draftmill.writers.model.prompts import Prompt

REPLY_TOKENS = 3000
# So much is left for any task, with its examples and wishes: only then all drafts have the same material.
TASK_TOKENS = 500
TASK_SHARE = 6  # or one part in so many of the context
SMALLEST_ROOM = 500
SLACK = 50  # tokens: our count is generous
CUT_UP_TO = 1.25  # of what fits: above that, notes lose less than cutting


class ModelContextTooSmall(Problem):
    code = "model_context_too_small"
    default_message = "The model's context is too small to write from a transcript."
    default_hint = (
        "Choose a model with a larger context in the settings, “Writing”, and press Retry."
    )


class Ask(Protocol):
    """What makes a question of the material's text, room for an answer, and whether it is notes."""

    def __call__(self, desk: Desk, source: str, reply: int, *, condensed: bool) -> Prompt: ...


def question(desk: Desk, ask: Ask) -> Prompt:
    """The question that `ask` puts, with as much of the material as fits.

    How much depends on no content type, no examples and no wish that are as long as usual: the
    first reading of a recording serves all of its drafts. Raises ModelContextTooSmall.
    """
    context = desk.chat.settings.llm_context
    reply = reply_tokens(desk)
    parts = fitting.parts_of(desk.material)
    bare = ask(desk, "", reply, condensed=True)
    set_aside = max(TASK_TOKENS, context // TASK_SHARE)
    room = context - reply - size(bare) - max(0, set_aside - tokens(bare.task))
    if room < SMALLEST_ROOM:
        raise _too_small()
    condensed = tokens(fitting.text_of(parts, desk.style)) > room * CUT_UP_TO
    if condensed:
        parts = notes.noted(desk, parts, room)
    if tokens(fitting.text_of(parts, desk.style)) > room:
        parts = fitting.cut(parts, desk.style, room)
    source = fitting.text_of(parts, desk.style)
    if tokens(source) > room + SLACK:
        raise _too_small()
    return ask(desk, source, reply, condensed=condensed)


def _too_small() -> ModelContextTooSmall:
    there = (
        "Choose a model with a larger context, set {variable} to it, start Draftmill again, and press"
        " Retry."
    )
    hint = hint_for("llm_context", there, ModelContextTooSmall.default_hint)
    return ModelContextTooSmall(hint=hint)


def reply_tokens(desk: Desk) -> int:
    """Room for a draft in what the model can hold."""
    return min(REPLY_TOKENS, desk.chat.settings.llm_context // 4)


def task(desk: Desk, source: str, reply: int, *, condensed: bool) -> Prompt:
    """The question for a whole draft."""
    return prompts.task(
        desk.content,
        desk.material,
        source,
        desk.instructions,
        words=int(reply * WORDS_A_TOKEN),
        examples=desk.examples,
        condensed=condensed,
        timed=desk.style.timed,
        pictures=bool(desk.material.screenshots) and desk.content.shape == "article",
    )
