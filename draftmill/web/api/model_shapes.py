"""What the API gives of the models of this machine."""

from typing import Literal

from pydantic import Field

from draftmill.web.api.job_shapes import Job
from draftmill.web.api.shapes import Shape


class Model(Shape):
    """A model that lies on this machine, or can be had."""

    name: str
    kind: Literal["language", "speech"]
    file: str = Field(
        description="How the settings call it: as inside_model where it writes, as whisper_model"
        " where it listens."
    )
    title: str
    about: str
    page: str = Field(description="Where more is said about it; may be empty.")
    bytes: int = Field(description="How large it is.")
    memory: int = Field(description="The bytes of memory that it takes.")
    here: bool = Field(description="It lies on this machine, whole.")
    chosen: bool = Field(description="It writes, or listens.")
    recommended: bool
    lacks: str = Field(description="What this machine lacks for it; empty: nothing.")
    pace: str = Field(description="What a draft takes here, once it was measured.")
    download: Job | None = Field(description="The newest job that downloads it.")


TOLD = tuple(name for name in Model.model_fields if name != "download")


class ModelList(Shape):
    """The models that write, then those that listen."""

    items: list[Model]
