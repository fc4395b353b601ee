"""An answer that was cut off: where it can be gone on with, and what of it is whole by its form."""

import re

from content_actions import ContentType
from draftmill.evidence.tokens import words_of
from draftmill.writers.model.article_reply import begins_with_title
from draftmill.writers.model.posts_reply import BETWEEN
from draftmill.writers.model.wrapping import unwrapped

SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f][\"\u201d\u2019\u00bb)*_]*(?:[ \t]*\[[sS]\d+\])*(?=\s|\Z)"
)
LEAST_WORDS = 60  # of an article or a single post that is worth keeping
LEAST_POSTS = 3
OVERLAP = 200  # characters that a model may say again where it goes on
OWN_BLOCK = re.compile(r"\s*(?:#|>|[-*] |---)")


def whole_sentences(text: str) -> str:
    """A text up to the end of its last whole sentence; empty when none is."""
    ends = [end.end() for end in SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def to_go_on_from(text: str) -> str:
    """An answer up to its last whole sentence, or else its last whole word."""
    return whole_sentences(text) or text.rpartition(" ")[0] or text


def together(said: str, more: str) -> str:
    """A beginning and what goes on from it; without what is said twice, or the beginning itself."""
    if more.lstrip().startswith(said[:60]):
        return more.lstrip()
    for size in range(min(OVERLAP, len(said), len(more)), 8, -1):
        if said.endswith(more[:size]):
            return said + more[size:]
    gap = "\n\n" if OWN_BLOCK.match(more) else "" if more[:1].isspace() else " "
    return said + gap + more


def whole_by_its_form(text: str, content: ContentType) -> str:
    """What of an answer is a draft of this type without its end; empty when that is none."""
    text = unwrapped(text)
    if text[:1] in ("{", "["):
        return ""
    if content.shape == "posts" and content.max_posts > 1:
        return _whole_posts(text)
    kept = whole_sentences(text)
    titled = content.shape == "posts" or begins_with_title(kept)
    return kept if titled and len(words_of(kept)) >= LEAST_WORDS else ""


def _whole_posts(text: str) -> str:
    posts = [post.strip() for post in BETWEEN.split(text) if post.strip()]
    if posts and whole_sentences(posts[-1]) != posts[-1]:
        posts.pop()
    return "\n\n---\n\n".join(posts) if len(posts) >= LEAST_POSTS else ""


def whole_lines(text: str) -> str:
    """The lines of notes before the one that was cut off, each once."""
    lines = text.splitlines()[:-1] or [whole_sentences(text)]
    return "\n".join(dict.fromkeys(lines))
