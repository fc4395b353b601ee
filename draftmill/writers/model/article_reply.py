"""A model's answer as an article: its title, what belongs beside it, and a body that is safe."""

import re
from dataclasses import dataclass

from content_actions import ContentType
from draftmill.drafts.written import PREVIEW_LENGTH
from draftmill.language.words import shortened
from draftmill.model_servers.answers import json_in
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.wrapping import unwrapped

PREFACE_LINES = 4

TITLE = re.compile(r"#[ \t]++(.+?)(?<![ \t])(?:[ \t]++#++)?+[ \t]*+")
FIELD = re.compile(
    r"[\s>*_#-]*(subject(?: line)?|title|alternatives?(?: subject(?: line)?)?|preview(?: text)?)"
    r"(?:[ \t]*+\d)?+[ \t]*+[*_]*+[ \t]*+:[ \t]*+[*_]*+[ \t]*+((?:.*[^\s*_])?)[ \t*_]*+",
    re.IGNORECASE,
)
RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}")
TOP_HEADING = re.compile(r"^#[ \t]+", re.MULTILINE)
SENTENCE = re.compile(r".+?[.!?\u2026\u3002](?=\s|\Z)", re.DOTALL)
MARKDOWN = re.compile(r"[*_`#>]+|!?\[([^\[\]]*+)\]\((?:[^()]|\([^()]*+\))*+\)")


@dataclass(frozen=True)
class Article:
    """`subjects` are further titles, best first; `preview` may be empty."""

    title: str
    body: str
    subjects: tuple[str, ...] = ()
    preview: str = ""


def read(reply: str, content: ContentType, marks: Marks) -> Article:
    """Take an answer apart. The body may be empty: then there is no article in it."""
    lines = marks.citations.as_times(_from_json(unwrapped(reply))).strip().splitlines()
    titles, subjects, previews, body = _head(_without_preface(lines), bool(content.title_limit))
    text = marks.clean(TOP_HEADING.sub("## ", "\n".join(body)))
    titles = [line for title in [*titles, *subjects] if (line := one_line(title, marks))]
    title, others = _chosen(titles, content.title_limit)
    preview = one_line(" ".join(previews), marks) or first_sentence(text)
    return Article(
        title=title,
        body=text,
        subjects=others,
        preview=shortened(preview, PREVIEW_LENGTH) if content.has_preview else "",
    )


def first_sentence(text: str) -> str:
    """The first sentence of the first paragraph of Markdown, as plain text."""
    for block in text.split("\n\n"):
        if not block.startswith(("#", "!", ">", "-", "|", "`")):
            words = " ".join(MARKDOWN.sub(lambda m: m[1] or "", block).split())
            match = SENTENCE.match(words)
            return match.group() if match else words
    return ""


def _from_json(text: str) -> str:
    """An answer in JSON as Markdown: its longest text below its title and the other fields."""
    if not text.startswith("{"):
        return text
    try:
        value = json_in(text)
    except ValueError:
        return text
    while (
        isinstance(value, dict)
        and len(value) == 1
        and isinstance(first := next(iter(value.values())), dict)
    ):
        value = first
    texts = (
        {name: one for name, one in value.items() if isinstance(one, str)}
        if isinstance(value, dict)
        else {}
    )
    if not texts:
        return text
    body = max(texts, key=lambda name: len(texts[name]))
    above = [
        f"{name}: {one}"
        for name, one in texts.items()
        if name != body and FIELD.fullmatch(f"{name}: x")
    ]
    return "\n".join([*above, "", texts[body]])


def _without_preface(lines: list[str]) -> list[str]:
    """Models like to say "Sure, here is your post:" first."""
    for place, line in enumerate(lines[:PREFACE_LINES]):
        if TITLE.fullmatch(line) or FIELD.fullmatch(line):
            return lines[place:]
    return lines


def _head(
    lines: list[str], subject_line: bool
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Titles, alternatives, previews, and the lines below them."""
    titles: list[str] = []
    subjects: list[str] = []
    previews: list[str] = []
    for place, line in enumerate(lines):
        field, title = FIELD.fullmatch(line), TITLE.fullmatch(line)
        if field and (subject_line or field[1].casefold() == "title"):
            name = field[1].casefold()
            kind = previews if name.startswith("p") else subjects if name[0] == "a" else titles
            kind.append(field[2])
        elif title and not titles:
            titles.append(title[1])
        elif line.strip() and not ((titles or previews) and RULE.fullmatch(line)):
            return titles, subjects, previews, lines[place:]
    return titles, subjects, previews, []


def one_line(text: str, marks: Marks) -> str:
    """A title or preview as plain text, without the quotation marks that models put around it."""
    text = " ".join(marks.plain(text).split())
    return text.strip('"\u201c\u201d\u201e*_` ')


def _chosen(titles: list[str], limit: int) -> tuple[str, tuple[str, ...]]:
    """The first title that is short enough, and the others that are."""
    fitting = [title for title in titles if not limit or len(title) <= limit]
    title = fitting[0] if fitting else titles[0] if titles else ""
    others = tuple(other for other in dict.fromkeys(fitting) if other != title)
    return title, others
