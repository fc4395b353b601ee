"""What a person may wish of a job: checked once, for the page, the API and the command line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from draftmill.errors import Problem
from draftmill.jobs.policies import INGEST
from draftmill.transcripts import how_many
from draftmill.transcripts.languages import LANGUAGES

INSTRUCTIONS_LIMIT = 2_000
ALONE = ("screenshots", "chapters", "voices")  # stages of an ingest that can be done again alone
QUOTED = 40  # characters of what was sent that a refusal repeats


class UnknownType(Problem):
    code = "unknown_type"
    default_message = "There is no such kind of draft any more."
    default_hint = "Reload the page to see the kinds that exist."


class UnknownLanguage(Problem):
    code = "unknown_language"
    default_message = "There is no such language to choose."
    default_hint = "Choose one from the list; a program sends its code, such as en."


class InstructionsTooLong(Problem):
    code = "text_too_long"
    default_message = f"The instructions are longer than {INSTRUCTIONS_LIMIT:,} characters."
    default_hint = "Shorten them."


class UnknownStage(Problem):
    code = "unknown_stage"
    default_message = "There is no such step that can be done alone."
    default_hint = f"The steps are {', '.join(ALONE)}; without one all is done."


class NobodyToInstruct(Problem):
    code = "instructions_without_model"
    default_message = "Nothing can follow instructions: no language model is set."
    default_hint = (
        "Leave them out, or have the owner choose a model on the page Settings, Writing"
        " (docs/models.md says more)."
    )


@dataclass(frozen=True)
class Wishes:
    """What somebody asks of one job of a type.

    For an ingest count `language`, `any_language`, `model` (of speech, "" for the owner's) and
    `stage` (the one of ALONE that is done, "" for all); for a draft `instructions`, and
    `without_model` where it is to be an outline whatever model is set. `language` is a code, "" to
    find out by itself, None to take what the project says. So are `speakers`, how many people
    speak in the words of transcripts/how_many.py.
    A `trial` shows the owner what comes of a type, and marks what it writes. A `part` is what of a
    draft is written again, as drafts/parts.py says it.
    """

    type: str
    instructions: str = ""
    language: str | None = None
    any_language: bool = False
    trial: bool = False
    stage: str = ""
    without_model: bool = False
    model: str = ""
    part: Mapping[str, str] | None = None
    speakers: str | None = None

    def check(self, content_types: Collection[str], has_model: bool) -> "Wishes":
        """Itself, tidied; only a language model takes instructions.

        Raises UnknownType, UnknownLanguage, UnknownStage, UnknownNumber, InstructionsTooLong,
        NobodyToInstruct.
        """
        if self.type != INGEST:
            check_type(self.type, content_types)
        check_language(self.language or "")
        if self.stage and self.stage not in ALONE:
            raise UnknownStage
        instructions = self.instructions.strip()
        if len(instructions) > INSTRUCTIONS_LIMIT:
            raise InstructionsTooLong
        if (instructions or self.part) and not has_model:
            raise NobodyToInstruct
        return replace(self, instructions=instructions, speakers=self._speakers())

    def _speakers(self) -> str | None:
        """How many people speak, of a job that tells voices apart; of another it means nothing."""
        if self.speakers is None or self.type != INGEST or self.stage not in ("", "voices"):
            return None
        return how_many.checked(self.speakers)

    def parameters(self) -> dict[str, Any]:
        """What the job's row keeps of them: nothing that was not wished."""
        if self.type != INGEST:
            wishes: dict[str, Any] = {"instructions": self.instructions, "trial": self.trial}
            wishes |= {"without_model": self.without_model, "part": self.part and dict(self.part)}
            return {name: wish for name, wish in wishes.items() if wish}
        told = {} if self.speakers is None else {"speakers": self.speakers}
        if self.stage:
            return {"stage": self.stage} | told
        wished: dict[str, Any] = {} if self.language is None else {"language": self.language}
        wished |= told
        wished |= {"model": self.model} if self.model else {}
        return wished | ({"any_language": True} if self.any_language else {})


def check_type(name: str, content_types: Collection[str]) -> None:
    """Raise UnknownType unless it is one of the kinds of draft, naming those that there are."""
    if name not in content_types:
        raise UnknownType(
            f"There is no kind of draft called “{name[:QUOTED]}”.",
            f"The kinds are {', '.join(content_types)}.",
        )


def check_language(code: str) -> None:
    """Raise UnknownLanguage unless it can be chosen; "" is to find out by itself."""
    if code and code not in LANGUAGES:
        raise UnknownLanguage(f"There is no language “{code[:QUOTED]}” to choose.")
