"""A draft as plain text: what is read, without marks of Markdown."""

from collections.abc import Iterable

from draftmill.drafts.blocks import Block, Span, blocks_of
from draftmill.drafts.markdown import RENDERED, shown_of, tokens_of

CUT = (
    f"The text goes on. Of its characters the first {RENDERED:,} are here; as Markdown it is whole."
)


def plain(title: str, preview: str, body: str) -> str:
    """Title, preview and body as they are read; links with their addresses, pictures left out."""
    parts = [title, preview, _joined(blocks_of(tokens_of(body, lambda _: None)))]
    parts.append(CUT * (len(shown_of(body)) < len(body)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _joined(blocks: Iterable[Block]) -> str:
    text, before = "", ""
    for block in blocks:
        line = _line(block)
        if not line.strip():
            continue
        tight = block.kind == before and block.kind in ("item", "row")
        text += ("\n" if tight else "\n\n" if text else "") + line
        before = block.kind
    return text


def _line(block: Block) -> str:
    if block.kind == "rule":
        return "* * *"
    if block.kind == "row":
        return "\t".join(_words(cell).replace("\n", " ") for cell in block.cells)
    mark, indent = _mark(block), "  " * max(0, block.level - 1) if block.kind == "item" else ""
    behind = indent + " " * len(mark)
    lines = _words(block.spans).split("\n")
    quote = "> " * block.quoted
    return "\n".join(
        quote + (behind if n else indent + mark) + line.rstrip() for n, line in enumerate(lines)
    )


def _mark(block: Block) -> str:
    if block.kind != "item":
        return ""
    mark = f"{block.number}. " if block.list_n else "- "
    return mark if block.begins else " " * len(mark)


def _words(spans: Iterable[Span]) -> str:
    """The words; after those of a link stands where it leads."""
    told, text, href = "", "", ""
    for span in (*spans, Span("")):
        if span.href != href:
            named = text.strip() in (href, href.removeprefix("mailto:"))
            told += text + (f" ({href})" if href and not named else "")
            text, href = "", span.href
        text += "" if span.picture else span.text
    return (told + text).strip()
