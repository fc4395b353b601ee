"""What is known about spoken language: cleaning, sentences that stand alone, topics."""

from collections.abc import Sequence

from draftmill.language.lists import STOP
from draftmill.language.words import bare_words


def is_english(language: str, texts: Sequence[str]) -> bool:
    """Whether the rules for English apply: by the language's code, else by its small words."""
    if language:
        return language.casefold().startswith("en")
    words = bare_words(" ".join(texts[:200]))
    return sum(word in STOP for word in words) > 0.25 * len(words)
