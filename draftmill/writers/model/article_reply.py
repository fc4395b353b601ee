"""A model's answer as an article: its title, what belongs beside it, and a body that is safe."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content_actions import ContentType
from draftmill.drafts.written import PREVIEW_LENGTH
from draftmill.evidence.tokens import words_of
from draftmill.language.words import shortened
from draftmill.model_servers.answers import json_in
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.wrapping import unwrapped

PREFACE_LINES = 4
MOST_NESTED = 8  # values of JSON in each other
FEWEST_WORDS = 4  # of a text in JSON; fewer say how long it is, or in which tone
LONGEST_POINT = 150  # characters of a point of a list; longer ones are paragraphs
HEADINGS = ("heading", "header", "headline", "title", "subheading", "subtitle", "section")

# What else stands for a title in the first line of an answer.
ALSO_TITLE = re.compile(
    r"(?:#{2,3}[ \t]++|(\*\*|__))([^\n*_#][^\n]{0,200}?)(?(1)(?:\1))[ \t#]{0,20}"
)
UNDERLINED = re.compile(r"^([^\s#>|-][^\n]{0,200})\n={3,200}[ \t]{0,20}$", re.MULTILINE)
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
    text = UNDERLINED.sub(r"# \1", _from_json(unwrapped(reply)))
    lines = _titled(marks.citations.as_times(text).strip().splitlines(), content)
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
    """An answer in JSON as Markdown, in its order: fields above, headings, paragraphs and lists."""
    if not text.startswith(("{", "[")):
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
    fields = value if isinstance(value, dict) else {}
    above = [
        f"{name}: {one}"
        for name, given in fields.items()
        if FIELD.fullmatch(f"{name}: x")
        for one in (given if isinstance(given, list) else [given])
        if isinstance(one, str)
    ]
    below = {name: one for name, one in fields.items() if not FIELD.fullmatch(f"{name}: x")}
    body = list(_walked(below if fields else value, MOST_NESTED))
    return "\n\n".join(["\n".join(above), *body]) if body else text


def _walked(value: object, deeper: int) -> Iterator[str]:
    """The blocks of Markdown in a value of JSON. Words that only label the answer are left out."""
    if isinstance(value, str) and (len(words_of(value)) >= FEWEST_WORDS or "\n" in value):
        yield value
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        told = [one for one in value if len(words_of(one)) >= FEWEST_WORDS]
        points = all(len(one) <= LONGEST_POINT for one in told)
        yield from ["\n".join(f"- {one}" for one in told)] if points and told else told
    elif isinstance(value, list) and deeper:
        for one in value:
            yield from _walked(one, deeper - 1)
    elif isinstance(value, dict) and deeper:
        for name, one in value.items():
            is_heading = name.casefold() in HEADINGS and isinstance(one, str)
            yield from [f"## {one}"] if is_heading else _walked(one, deeper - 1)


def begins_with_title(text: str) -> bool:
    """Whether an answer, or its beginning, says its title first."""
    lines = UNDERLINED.sub(r"# \1", text).strip().splitlines()
    first = lines[0] if lines else ""
    return any(form.fullmatch(first) for form in (TITLE, FIELD, ALSO_TITLE))


def is_prose(body: str) -> bool:
    """Whether there is more than headings and pictures."""
    return any(line.strip() and not line.startswith(("#", "!")) for line in body.splitlines())


def _titled(lines: list[str], content: ContentType) -> list[str]:
    """With a mark before a title that is bold, or a lesser heading, where nothing else is the title."""
    if content.title_limit or not lines or any(map(TITLE.fullmatch, lines)):
        return lines
    found = ALSO_TITLE.fullmatch(lines[0])
    alone = found and (not found[1] or not (lines[1:2] and lines[1].strip()))
    return [f"# {found[2]}", *lines[1:]] if found and alone else lines


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
