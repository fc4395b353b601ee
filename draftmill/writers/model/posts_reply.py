"""A model's answer as posts: taken apart, without Markdown, none longer than its site allows."""

import re
from collections.abc import Callable

from content_actions import ContentType
from draftmill.drafts.post_length import fits
from draftmill.model_servers.answers import json_in
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.wrapping import unwrapped

BETWEEN = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*$", re.MULTILINE)
NUMBERED = re.compile(
    r"^(?:[#*_]{1,6}[ \t]{0,3})?(?:(?:post|tweet)?[ \t]{0,3}\d{1,2}(?:/\d{0,2}|[.):])[*_]{0,3}[ \t\n]"
    r"|(?:post|tweet)[ \t]{1,3}\d{1,2}[*_]{0,3}[ \t]{0,3}\n)",
    re.IGNORECASE | re.MULTILINE,
)
EMPTY_LINE = re.compile(r"\n\s*\n")
NUMBER = re.compile(
    r"\A[ \t*_#]*(?:(?:post|tweet)[ \t]*)?(?:\d{1,2}/\d{0,2}|(?:post|tweet)[ \t]*\d{1,2})[.):]?[*_]*[ \t\n]+",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[.!?\u2026\u3002])(?:[\"\u201d\u2019)]*)\s+")

Shorten = Callable[[list[str]], list[str]]


def read(reply: str, content: ContentType, marks: Marks) -> list[str]:
    """The posts of an answer, in their order; none when there is no text in it."""
    text = unwrapped(reply)
    texts = [BETWEEN.sub("", text)] if content.max_posts == 1 else apart(text)
    if content.max_posts == 1 and (listed := _from_json(text)):
        texts = ["\n\n".join(listed)]
    texts = [marks.citations.left_out(post).strip() for post in texts]
    posts = (marks.plain(NUMBER.sub("", post)) for post in texts)
    return [post for post in posts if post]


def apart(text: str) -> list[str]:
    """The single texts of an answer: JSON, between lines of hyphens, numbered, or paragraphs."""
    if listed := _from_json(text):
        return listed
    for division in (BETWEEN, NUMBERED, EMPTY_LINE):
        texts = [piece.strip() for piece in division.split(text) if piece.strip()]
        if len(texts) > 1:
            break
    return texts


def fitted(posts: list[str], content: ContentType, shorten: Shorten) -> list[str]:
    """The posts, each within the limit: the model is asked once, then they are divided."""
    most = content.limit * (content.max_posts + 1)  # characters; what lies behind is never used
    posts = [post[:most] for post in posts[: content.max_posts + 1]]
    long = [post for post in posts if not _fits(post, content)]
    if long:
        answers = shorten(long)
        replaced = dict(zip(long, answers, strict=True)) if len(answers) == len(long) else {}
        posts = [replaced.get(post, post)[:most] for post in posts]
    pieces: list[str] = []
    for post in posts:
        if len(pieces) <= content.max_posts:
            pieces += _divided(post, content)
    return pieces


def _fits(text: str, content: ContentType) -> bool:
    return fits(text, content.limit, content.count)


def _divided(post: str, content: ContentType) -> list[str]:
    """A post in pieces that fit, cut between sentences; a single post keeps its first piece."""
    if _fits(post, content):
        return [post]
    pieces: list[str] = []
    rest = post
    while rest and len(pieces) <= content.max_posts and not _fits(rest, content):
        piece = _first_piece(rest, content)
        pieces.append(piece.strip())
        rest = rest[len(piece) :].strip()
    pieces += [rest] if rest else []
    return pieces[:1] if content.max_posts == 1 else pieces


def _first_piece(text: str, content: ContentType) -> str:
    """The longest beginning that fits: whole sentences, else words, else characters."""
    for ends in (SENTENCE_END, re.compile(r"\s+")):
        fitting = ""
        for end in ends.finditer(text):
            if not _fits(text[: end.end()].strip(), content):
                break
            fitting = text[: end.end()]
        if fitting.strip():
            return fitting
    size = content.limit
    while size > 1 and not _fits(text[:size], content):
        size -= 1
    return text[:size]


def _from_json(text: str) -> list[str]:
    if not text.startswith(("[", "{")):
        return []
    try:
        value = json_in(text)
    except ValueError:
        return []
    if isinstance(value, dict):
        value = _told_in(value)
    if not isinstance(value, list):
        return []
    return _texts(value)


def _told_in(fields: dict[str, object]) -> list[object]:
    """What is posted of an object: its longest list, unless a text beside it says more than it.

    Then the tags in a list stand below the text.
    """
    lists = [one for one in fields.values() if isinstance(one, list)]
    longest = max(lists, key=_length, default=[])
    single = [one for one in fields.values() if isinstance(one, str) and one.strip()]
    if not single or _length(longest) > max(map(len, single)):
        return longest or list(fields.values())
    tags = [word for one in lists for word in _texts(one) if word.startswith("#")]
    return [*single, " ".join(tags)]


def _length(items: list[object]) -> int:
    return sum(map(len, _texts(items)))


def _texts(items: list[object]) -> list[str]:
    texts = [_post_in(item) if isinstance(item, dict) else item for item in items]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _post_in(item: dict[str, object]) -> object:
    """A post's text: the longest, beside which there may be a number or a note."""
    return max((one for one in item.values() if isinstance(one, str)), key=len, default="")
