"""What may stand in braces in a prompt of the owner's, and what is put in its place.

A prompt is a person's text, never a template: only these words are replaced, each once, and what
is put in is not looked at again.
"""

import re
from collections.abc import Mapping

IN_BRACES = re.compile(r"\{([a-z_]{1,20})\}")
MEANINGS = {
    "words": "the most words that the answer has room for",
    "limit": "the most characters of a post",
    "posts": "the most posts",
    "title_limit": "the most characters of the title",
    "minutes": "how long the recording is",
    "chapters": "how many chapters it has",
    "language": "the language of the recording, as a code such as en",
}


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with a value for each word in braces that MEANINGS names; all else stays as it is."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return str(values[name]) if name in MEANINGS and name in values else match[0]

    return IN_BRACES.sub(value, text)
