"""What models wrap their answer in, taken off: talk and a fence, quotation marks, HTML, JSON."""

import html
import re

from draftmill.model_servers.answers import json_in

FENCE = re.compile(r"[ \t]{0,3}(`{3,}+|~{3,}+)[ \t]*+([a-zA-Z0-9_+-]*+)[ \t]*+")
OF_TEXT = ("markdown", "md", "mdx", "text", "txt", "plaintext", "html", "json")
MOST_TALK = 4  # lines with words before a fence, or behind it
LONGEST_TALK = 400  # characters
PREFACE = re.compile(
    r"\A(?:sure|of course|absolutely|certainly|okay|ok|great|alright|got it|here(?:'s|\u2019s| is| are)|below (?:is|are))\b"
    r"[^\n]{0,200}:[ \t*_]*\n",
    re.IGNORECASE,
)
AFTERWORD = re.compile(
    r"[*_( ]*(?:i hope (?:this|that|it) (?:helps|meets|works)|hope (?:this|that) helps"
    r"|(?:please )?let me know if you(?:'d|\u2019d| would)? (?:like|want|need) (?:me to|any|further|changes|adjust)"
    r"|feel free to (?:ask|adjust|edit|modify|let me)|would you like me to"
    r"|if you(?:'d|\u2019d| would) like (?:me to|any|changes))\b.{0,300}",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"[*_(\[ ]{0,5}(?:total )?(?:word|character) count\W{0,6}\d[\d,.]{0,8}(?: (?:words|characters))?[*_)\]. ]{0,5}",
    re.IGNORECASE,
)
QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb"}
HTML_START = re.compile(
    r"<(?:!doctype html|html|head|body|main|article|section|div|header|h[1-6]|p)\b[^<>]*>",
    re.IGNORECASE,
)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
UNSEEN = ("head", "style", "script", "title")
RULE = re.compile(r"[ \t]*-{3,}[ \t]*")
# What a tag is in Markdown, where it begins and where it ends.
MARKS = {
    **{f"h{n}": (f"\n\n{'#' * n} ", "\n\n") for n in range(1, 7)},
    **dict.fromkeys(
        ("p", "div", "article", "section", "header", "ul", "ol", "main"), ("\n\n", "\n\n")
    ),
    "li": ("\n- ", "\n"),
    "br": ("\n", ""),
    "hr": ("\n\n---\n\n", ""),
    "blockquote": ("\n\n> ", "\n\n"),
    **dict.fromkeys(("strong", "b"), ("**", "**")),
    **dict.fromkeys(("em", "i"), ("*", "*")),
}


def unwrapped(reply: str) -> str:
    """The answer itself: Markdown, or JSON where the model thought of that."""
    text = _unquoted(_unfenced(reply.strip()))
    text = _without_talk(text)
    return _from_html(text) if HTML_START.match(text) else text


def _unfenced(text: str) -> str:
    """What stands in a code fence around the answer, with a little talk around that at most.

    A fence is around the answer when it says so by its language, or nothing but talk is outside.
    """
    lines = text.splitlines()
    fences = [place for place, line in enumerate(lines) if FENCE.fullmatch(line)]
    if not fences or (len(fences) == 1 and fences[0]):
        return text
    first = fences[0]
    opening = FENCE.fullmatch(lines[first])
    assert opening
    last = _closing(lines, fences, opening[1])
    before, after = lines[:first], lines[last + 1 :]
    of_text = opening[2].lower() in OF_TEXT
    bare = not opening[2] and (
        not any(map(str.strip, [*before, *after])) or PREFACE.match("\n".join([*before, ""]))
    )
    if not (of_text or bare) or not (_is_talk(before) and _is_talk(after)):
        return text
    return "\n".join(lines[first + 1 : last]).strip()


def _closing(lines: list[str], fences: list[int], opened: str) -> int:
    """The line that closes the first fence: the last bare one, unless those inside need them all."""
    marks = [(place, mark) for place in fences[1:] if (mark := FENCE.fullmatch(lines[place]))]
    bare = [place for place, mark in marks if mark[1].startswith(opened) and not mark[2]]
    named = [place for place, mark in marks if mark[1].startswith(opened) and mark[2]]
    closed = len(bare) > len(named) and (len(bare) - len(named)) % 2
    return bare[-1] if closed else len(lines)


def _is_talk(lines: list[str]) -> bool:
    said = [line for line in lines if line.strip()]
    return (
        len(said) <= MOST_TALK
        and sum(map(len, said)) <= LONGEST_TALK
        and not any(line.lstrip().startswith("#") for line in said)
    )


def _unquoted(text: str) -> str:
    """A text without quotation marks around the whole of it, or out of a string of JSON."""
    if len(text) < 2 or QUOTES.get(text[0]) != text[-1]:
        return text
    if text[0] == '"':
        try:
            value = json_in(text)
        except ValueError:
            value = None
        if isinstance(value, str):
            return value.strip()
    inner = text[1:-1]
    inside = any(mark in inner for mark in (text[0], text[-1]))
    return text if inside and not inner.startswith("#") else inner.strip()


def _without_talk(text: str) -> str:
    """Without "Sure, here is your post:" before and "Hope this helps!" behind."""
    lines = PREFACE.sub("", text).strip().splitlines()
    while len(lines) > 1 and (AFTERWORD.fullmatch(lines[-1]) or COUNTED.fullmatch(lines[-1])):
        lines.pop()
        while lines and (not lines[-1].strip() or RULE.fullmatch(lines[-1])):
            lines.pop()
    return "\n".join(lines)


def _from_html(text: str) -> str:
    """HTML as Markdown: headings, paragraphs, lists and emphasis; other tags stay as they are."""
    pieces: list[str] = []
    end, unseen = 0, ""
    for tag in TAG.finditer(text):
        name = tag[2].lower()
        if not unseen:
            start_mark, end_mark = MARKS.get(name, (tag[0], tag[0]))
            pieces += [text[end : tag.start()], end_mark if tag[1] else start_mark]
        if name in UNSEEN and unseen in ("", name):
            unseen = "" if tag[1] else name
        end = tag.end()
    marked = html.unescape("".join([*pieces, "" if unseen else text[end:]]))
    lines = [line.strip() for line in marked.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
