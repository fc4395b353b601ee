"""What the API takes and gives of the owner's settings."""

from typing import Literal

from pydantic import Field

from draftmill.web.api.shapes import Shape


class Setting(Shape):
    """One setting, by the name of its variable in small letters and without the prefix."""

    name: str
    value: str | None = Field(description="As it is typed; null for a key, which nobody is told.")
    source: Literal["environment", "chosen", "default"]
    variable: str | None = Field(description="The variable that sets it, so that nobody else can.")
    has_key: bool = Field(description="Of a key: whether there is one for the present address.")


class SettingList(Shape):
    """What writes and what listens."""

    items: list[Setting]


class SettingsChange(Shape):
    """Settings to change: what is left out stays, null is the default, and forgets a key."""

    writing_with: Literal["none", "server", "inside"] | None = None
    inside_model: str | None = None
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str | None = Field(None, description="Kept sealed, and told to nobody again.")
    llm_context: int | None = Field(None, description="Null: the server is asked.")
    llm_timeout_s: float | None = None
    llm_checks: bool | None = Field(None, description="Ask the model about what is in doubt.")
    listening_with: Literal["here", "server"] | None = None
    whisper_model: str | None = None
    transcribe_base_url: str | None = None
    transcribe_model: str | None = None
    transcribe_api_key: str | None = None
    transcribe_hints: bool | None = None
    transcribe_timeout_s: float | None = None


class WhereToLook(Shape):
    """A server whose models are asked for; without an address the usual ports of this machine."""

    address: str | None = None
    key: str | None = None


class Trial(Shape):
    """What came of a trial: a text, or a message and a hint that say why there is none."""

    text: str
    rate: float | None = Field(
        description="Tokens a second that were written, or seconds of sound a second heard."
    )
    took_s: float
    whole: bool = Field(description="False: it was cut off after some 24 seconds.")
    context: int | None = Field(description="How many tokens the model reads at once.")
    message: str
    hint: str


class OfferedModel(Shape):
    """A model of a server; how many tokens it reads at once, and could if it were let."""

    name: str
    context: int | None
    most: int | None


class FoundServer(Shape):
    """A server that answers."""

    name: str
    base_url: str
    models: list[OfferedModel]


class Look(Shape):
    """The servers that were found, or a message and a hint that say why there is none."""

    servers: list[FoundServer]
    message: str
    hint: str
