"""Fifty documents of Markdown as people and models write it, with everything that an editor might tidy up."""

import random

PIECES = (
    "# A heading #",
    "A heading\n=========",
    "Another\n---",
    "* star\n+ plus\n- dash\n    - four spaces\n\t- a tab",
    "3. three\n3. three again\n10) ten",
    "> quoted\nlazily\n>> twice",
    "``` python\n  keep   spaces  \n```\n~~~\nother fence\n~~~",
    "    indented code",
    "| a | b |\n|:--|--:|\n| 1 | \\| 2 |",
    "hard break  \nby spaces\\\nand by a backslash",
    "_italic_ *italic* __bold__ **bold** ***both*** ~~gone~~ `code`",
    "[a link](https://example.org \"title\") <https://example.org> [ref][1] ![pic](https://example.org/a.png)",
    "[1]: https://example.org  'Title'",
    "said at [0:12](time:12), [1:02:03](time:3723.5) and \\[0:12](time:12)",
    "![The graph](shot:3)\n![](shot:12)",
    "![broken](shot:x) [broken](time:) [nested [0:01](time:1)]",
    "<div class=\"x\">\n  <b>html</b> &amp; &nbsp; &#x1F600;\n</div>",
    "***\n* * *\n___",
    "Ünïcödé, 漢字, שלום עולם, مرحبا, 👩‍👩‍👧, e\u0301, non\u00a0breaking, zero\u200bwidth",
    "trailing spaces   \t ",
    "- [ ] a task\n- [x] done",
    "a_snake_case and 2*3*4 and $5 and 50%",
    "\\* not a list \\# not a heading \\\\",
)  # fmt: skip
GAPS = ("\n\n", "\n", "\n\n\n", "\n \n", "\n\t\n\n")
ENDS = ("", "\n", "\n\n", "  ")


def documents(count: int = 50) -> list[str]:
    """The same every time; each piece stands in several of them."""
    chance = random.Random(13)
    return [_document(chance, n) for n in range(count)]


def _document(chance: random.Random, n: int) -> str:
    pieces = [PIECES[n % len(PIECES)], *chance.sample(PIECES, chance.randint(1, 8))]
    text = "".join(piece + chance.choice(GAPS) for piece in pieces)
    return chance.choice(("", "\n", "\n\n")) + text.rstrip("\n") + chance.choice(ENDS)
