"""Forms without files, as browsers send them: `title=One&body=%5Btwo%5D`."""

from urllib.parse import parse_qsl

from draftmill.uploads.multipart import BadForm

KIND = "application/x-www-form-urlencoded"


def is_urlencoded(content_type: str) -> bool:
    """Whether a request with this header brings such a form."""
    return content_type.partition(";")[0].strip().lower() == KIND


def fields_of(body: bytes, max_fields: int) -> list[tuple[str, str]]:
    """The names and values of a form. Raises BadForm when they are too many.

    To be called in a thread: a megabyte of brackets, each sent as three characters, takes a
    quarter of a second.
    """
    try:
        return parse_qsl(
            body.decode(errors="replace"), keep_blank_values=True, max_num_fields=max_fields
        )
    except ValueError:
        raise BadForm("The form has too many fields.") from None
