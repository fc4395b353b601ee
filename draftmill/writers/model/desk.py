"""What the steps of one draft share, and how much of the model's context they take."""

from dataclasses import dataclass

from content_actions import ContentType
from draftmill.evidence.recording import Recording
from draftmill.writers.material import Material
from draftmill.writers.model.chat import Chat
from draftmill.writers.model.fitting import Style, tokens
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.prompts import Prompt

WORDS_A_TOKEN = 0.6


@dataclass(frozen=True)
class Desk:
    """What the steps of one draft share."""

    chat: Chat
    material: Material
    content: ContentType
    instructions: str
    style: Style
    recording: Recording
    examples: tuple[str, ...] = ()

    @property
    def marks(self) -> Marks:
        """New for each text: a picture is used once in a text."""
        return Marks.of(self.material, self.instructions)


def size(prompt: Prompt) -> int:
    """The tokens of a question."""
    return tokens(prompt.system) + tokens(prompt.user)
