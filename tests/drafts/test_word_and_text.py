"""A draft as a Word document, as plain text, and as rich text for the clipboard."""

import io
import re
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from draftmill.drafts import export, word
from tests.support.illustrated_draft import SHOTS, draft, elements

BODY = """## Begin

[0:10](time:10) Some **bold *both*** and a [link](https://a.example), [near](/x), [bad](javascript:x).

![The slide](shot:3)

1. one
2. two
   - below

> said here

| a | b |
|---|--:|
| 1 | 2 |

1. again

שלום עולם

![The slide](shot:3) ![gone](shot:99) End.\x07
"""
HOSTILE = {
    "table": "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "|x" * 500 + "|\n" * 40,
    "quotes": "> " * 3000 + "x",
    "lists": "".join("  " * n + "- x\n" for n in range(200)),
    "marks": "\ufffe\x00\x0b[x](shot:1)![](shot:99999) <time:5>" * 50,
    "words of HTML": '<b>src="images/999.jpg"</b> `<img src="images/999.jpg">` &lt;img src="images/003.jpg"',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ingest-1").mkdir()
    for shot in SHOTS.values():
        Image.new("RGB", (shot.width, shot.height)).save(tmp_path / shot.file, "JPEG")
    return tmp_path


def test_a_word_document_has_headings_lists_quotations_links_and_pictures(folder: Path) -> None:
    written = draft(BODY, fields={"preview": "What is inside"})
    read = Document(io.BytesIO(export.word(written, SHOTS, folder)))
    said = [(one.style.name, one.text.strip()) for one in read.paragraphs if one.text.strip()]
    assert said == [
        ("Title", "A title"),
        ("Subtitle", "What is inside"),
        ("Heading 2", "Begin"),
        ("Normal", "0:10 Some bold both and a link, near, [bad](javascript:x)."),
        ("List Number", "one"),
        ("List Number", "two"),
        ("List Bullet 2", "below"),
        ("Quote", "said here"),
        ("List Number", "again"),
        ("Normal", "שלום עולם"),
        ("Normal", "End."),
    ]
    assert [link.address for one in read.paragraphs for link in one.hyperlinks] == [
        "https://a.example"
    ]
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows] == [
        ["a", "b"],
        ["1", "2"],
    ]
    assert len(read.inline_shapes) == 1
    numbered = re.findall(r'<w:numId w:val="(\d+)"/>', read.element.xml)
    assert len(set(numbered)) == 2, "each list counts anew"
    assert read.element.xml.count("<w:bidi/>") == 1
    assert read.core_properties.author == ""


def test_the_head_of_a_table_keeps_its_links_its_code_and_its_pictures(folder: Path) -> None:
    body = "| [a](https://a.example) `b` | ![c](shot:3) |\n|---|---|\n| 1 | 2 |"
    read = Document(io.BytesIO(export.word(draft(body), SHOTS, folder)))
    first, second = read.tables[0].rows[0].cells
    assert [link.address for link in first.paragraphs[0].hyperlinks] == ["https://a.example"]
    assert "Courier New" in first._tc.xml
    assert "<w:b/>" in first._tc.xml
    assert "<w:drawing>" in second._tc.xml


def test_a_word_document_from_right_to_left_is_so_throughout(folder: Path) -> None:
    body = "**שלום** *עולם* `code`\n\nA line.\n\n| אחת | שתיים |\n|--|--|\n| א | ב |\n\nסוף הטקסט."
    xml = Document(io.BytesIO(export.word(draft(body, title="כותרת"), {}, folder))).element.xml
    assert "<w:b/>\n" in xml and xml.count("<w:b/>") == xml.count("<w:bCs/>")
    assert xml.count("<w:i/>") == xml.count("<w:iCs/>") == 1
    assert 'w:cs="Courier New"' in xml
    paragraphs = re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL)
    assert [("<w:bidi/>" in one) == ("<w:rtl/>" in one) for one in paragraphs] == [True] * 8
    assert "<w:bidiVisual/>" in xml
    section = xml.partition("<w:sectPr")[2]
    assert re.search(r"<w:bidi/>\s*<w:docGrid", section), "where the schema has it"
    styles = Document().styles.element.xml
    assert styles.count("<w:sz ") == styles.count("<w:szCs "), "sizes are those of styles"


def test_a_word_document_with_a_word_from_right_to_left_is_none(folder: Path) -> None:
    xml = Document(io.BytesIO(export.word(draft("One.\n\nשלום"), {}, folder))).element.xml
    assert xml.count("<w:bidi/>") == 1
    assert "<w:bidi/>" not in xml.partition("<w:sectPr")[2]


def test_plain_text_reads_as_it_is_said(folder: Path) -> None:
    assert export.plain_text(draft(BODY)) == (
        "A title\n\nBegin\n\n"
        "0:10 Some bold both and a link (https://a.example), near, [bad](javascript:x).\n\n"
        "1. one\n2. two\n  - below\n\n> said here\n\na\tb\n1\t2\n\n1. again\n\nשלום עולם\n\nEnd.\x07\n"
    )


def test_rich_text_has_no_classes_and_leads_only_outward(folder: Path) -> None:
    pasted, left_out = export.pasted(draft(BODY, fields={"preview": "In <short>"}), SHOTS, folder)
    assert left_out == 0
    found = elements(pasted)
    assert {name for _, each in found for name in each} <= {"dir", "href", "src", "alt"}
    assert [each["href"] for tag, each in found if each.get("href")] == ["https://a.example"]
    (picture,) = [each for tag, each in found if tag == "img"]
    assert picture["src"].startswith("data:image/jpeg;base64,")
    assert picture["alt"] == "The slide"
    assert "<em>In &lt;short&gt;</em>" in pasted
    assert "time:" not in pasted
    thread = draft('["One <b>\\ntwo", "Three"]', type="twitter")
    told = '<p dir="auto">One &lt;b&gt;<br>two</p>\n<p dir="auto">Three</p>'
    assert export.pasted(thread, {}, folder) == (told, 0)


def test_rich_text_holds_so_many_bytes_of_pictures(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "![The slide](shot:3)\n\n![The graph](shot:12)\n\nEnd."
    monkeypatch.setattr(export, "MOST_PASTED", (folder / SHOTS[3].file).stat().st_size)
    pasted, left_out = export.pasted(draft(body), SHOTS, folder)
    assert pasted.count("<img") == 1 and "The slide" in pasted and "End." in pasted
    assert left_out == 1


def test_posts_are_taken_away_without_marks(folder: Path) -> None:
    thread = draft('["At [0:12](time:12).", "![it](shot:3)The end. ![x](time:5)"]', type="twitter")
    for ending in ("md", "txt", "html", "docx"):
        file = b"".join(export.as_file(ending, thread, SHOTS, folder))
        told = Document(io.BytesIO(file)).element.xml if ending == "docx" else file.decode()
        assert "At 0:12." in told and "The end. x" in told
        assert "time:" not in told and "shot:" not in told
    assert "time:" not in export.pasted(thread, SHOTS, folder)[0]


def test_markdown_alone_leads_to_its_pictures(folder: Path) -> None:
    pieces = export.as_file(
        "md", draft(BODY), SHOTS, folder, None, {3: "https://house.example/results/x"}
    )
    text = b"".join(pieces).decode()
    assert text.count("![The slide](https://house.example/results/x)") == 2
    assert "time:" not in text and "shot:" not in text
    assert "\n\n0:10 Some" in text


def test_what_a_word_document_has_no_room_for_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "MOST_PICTURES", 0)
    written = export.word(draft("a\n" * 10_001 + "\nThe last."), {}, folder)
    assert Document(io.BytesIO(written)).paragraphs[-1].text.startswith("The text goes on.")
    pictured = Document(io.BytesIO(export.word(draft("![The slide](shot:3)"), SHOTS, folder)))
    assert [one.text for one in pictured.paragraphs[1:]] == ["The slide", word.LEFT_OUT]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_draft_holds_it_can_be_taken_away(name: str, folder: Path) -> None:
    hostile = draft(HOSTILE[name], title="\x00 A \x1b title")
    for shot in SHOTS.values():
        (folder / shot.file).write_bytes(b"no picture")
    for ending in export.KINDS:
        assert b"".join(export.as_file(ending, hostile, SHOTS, folder))
    assert export.pasted(hostile, SHOTS, folder)[0]


def test_posts_are_a_word_document_too(folder: Path) -> None:
    thread = draft('["First.\\nLine.", "Second."]', type="twitter", title="")
    read = Document(io.BytesIO(export.word(thread, {}, folder)))
    assert [one.text for one in read.paragraphs] == ["1/2", "First.\nLine.", "2/2", "Second."]
