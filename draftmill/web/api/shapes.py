"""What the shapes of the API have in common: what an object is, its times, its pages, its refusals."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Speakers = Annotated[
    int | str,
    Field(
        description="How many people speak, to be told apart by their voices: a number up to 20,"
        " “more” than four, or “find” to find out, which is a guess. Empty or 1: nobody is told apart."
    ),
]
PAGE = 20
MOST = 100


class Shape(BaseModel):
    """An object with these members and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FieldError(Shape):
    at: str
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457. `code` is stable; `message` and `hint` are for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message: str
    hint: str
    errors: list[FieldError] = []
    kept_version: int | None = None
    current_version: int | None = None


class Query(BaseModel):
    """Parameters of an address: texts that are read as what they mean."""

    model_config = ConfigDict(extra="forbid")


Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}$", description="“next” of the page before.")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many items a page has at most.")]
