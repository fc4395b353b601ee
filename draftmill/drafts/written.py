"""What a writer hands in, to become a version of a draft."""

from dataclasses import dataclass

PREVIEW_LENGTH = 140  # characters


@dataclass(frozen=True)
class Written:
    """What a writer made.

    `body` is Markdown, or for posts a JSON list of texts. `model` signs it: the model's name,
    or WITHOUT_MODEL. `fields` may hold "preview" (text of at most PREVIEW_LENGTH), "subjects"
    (other titles) and "note" (one line about the draft as a whole, shown above it, never part
    of the text). `evidence` says where quotations were said. `prompt` is the number of the owner's
    prompt that it was made with, "" for none. `refused` is what a model wrote and this takes the place of: a version
    that no draft shows.
    """

    title: str
    body: str
    model: str
    fields: dict[str, object]
    evidence: dict[str, object]
    prompt: str = ""
    refused: "Written | None" = None
