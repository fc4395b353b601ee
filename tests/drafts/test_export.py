"""Drafts to take away: whole, with their pictures, and under safe names."""

import io
import zipfile
from pathlib import Path

import pytest

from draftmill.drafts import export
from tests.support.illustrated_draft import JPEG, SHOTS, draft, elements


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ingest-1").mkdir()
    for shot in SHOTS.values():
        (tmp_path / shot.file).write_bytes(JPEG)
    return tmp_path


BODY = (
    "## Begin\n\n[0:10](time:10) ![Slide *one*](shot:3)\n\nText with [link](https://a.example).\n\n"
    "![gone](shot:99)\n\nEnd."
)


def test_markdown_to_paste_has_no_pictures_and_plain_times():
    assert export.markdown(draft(BODY)) == (
        "# A title\n\n## Begin\n\n0:10 \n\nText with [link](https://a.example).\n\nEnd.\n"
    )


REFERRED = (
    "We began [at 0:10][T], went on [0:20][] and left [0:30], see [a page][p] and [0:40].\n\n"
    "![Slide][s] ![gone][g]\n\n[t]: time:10\n[0:20]: <time:20>\n  [0:30]: time:30.5 'Play'\n"
    "[p]: https://a.example\n[s]: shot:3 'A slide'\n[g]: shot:99\n"
)


def test_references_to_times_and_pictures_are_resolved_in_markdown():
    one = draft(REFERRED, title="")
    assert export.pictures_in(one) == {3, 99}
    words = "We began at 0:10, went on 0:20 and left 0:30, see [a page][p] and [0:40].\n\n"
    assert export.markdown(one, {3: "https://b.example/3"}) == (
        f"{words}![Slide][s] \n\n[p]: https://a.example\n[s]: https://b.example/3 'A slide'\n"
    )
    assert export.markdown(one) == f"{words}[p]: https://a.example\n"
    thread = draft('["Said [0:10][t].\\n\\n[t]: time:10", "Second."]', type="twitter")
    assert export.markdown(thread) == "1/2\nSaid 0:10.\n\n2/2\nSecond.\n"


def test_blank_lines_of_code_stay_in_markdown():
    code = "```py\na = 1\n\n\n\nb = 2\n```"
    body = f"One.\n\n\n{code}\n\n \n\nTwo.\n\n\n\n~~~\n\n\nopen"
    assert export.markdown(draft(body, title="")) == (f"One.\n\n{code}\n\nTwo.\n\n~~~\n\n\nopen\n")


def test_marks_with_brackets_of_either_kind_are_resolved_in_markdown():
    one = draft("![a [b] c](shot:3) ![d](<shot:3> 'e') [see [1]](time:12) [f](<time:5>)", title="")
    assert export.pictures_in(one) == {3}
    assert export.markdown(one, {3: "/3"}) == "![a [b] c](/3) ![d](/3) see [1] f\n"
    assert export.markdown(one) == "see [1] f\n"


def test_a_newsletter_has_its_preview_under_the_subject():
    text = export.markdown(draft("Hi.", fields={"preview": "What is\ninside"}))
    assert text == "# A title\n\n*What is inside*\n\nHi.\n"


def test_posts_are_numbered_text():
    thread = draft('["First <b>.", "Second."]', type="twitter")
    assert export.markdown(thread) == "1/2\nFirst <b>.\n\n2/2\nSecond.\n"
    assert export.markdown(draft('["Only."]', type="linkedin")) == "Only.\n"


def test_html_is_one_document_that_carries_its_pictures(folder):
    page = "".join(export.html(draft(BODY, title="A <title> & more"), SHOTS, folder, "en"))
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>A &lt;title&gt; &amp; more</title>" in page
    sources = [attributes["src"] for tag, attributes in elements(page) if tag == "img"]
    assert len(sources) == 1
    assert sources[0].startswith("data:image/jpeg;base64,")
    links = [attributes["href"] for tag, attributes in elements(page) if tag == "a"]
    assert links == ["https://a.example"]


def test_html_carries_each_picture_once_and_leads_back_to_it(folder):
    page = "".join(export.html(draft("![](shot:3) ![](shot:12)\n\n" * 3), SHOTS, folder))
    found = elements(page)
    assert [each["id"] for tag, each in found if tag == "img"] == ["picture-3", "picture-12"]
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    assert links == ["#picture-3", "#picture-12"] * 2


def test_html_of_posts_is_escaped(folder):
    thread = draft('["<script>x</script>"]', title="", type="twitter")
    page = "".join(export.html(thread, {}, folder))
    assert '<p class="post" dir="auto">&lt;script&gt;x&lt;/script&gt;</p>' in page
    assert "<title>Draft</title>" in page


def test_the_zip_holds_text_page_and_the_pictures_that_exist(folder):
    (folder / SHOTS[12].file).unlink()
    packed = b"".join(export.zipped(draft(BODY + "\n\n![b](shot:12)"), SHOTS, folder))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["blog.md", "blog.html", "images/003.jpg"]
        assert archive.read("images/003.jpg") == JPEG
        assert "![Slide *one*](images/003.jpg)" in archive.read("blog.md").decode()
        assert "012" not in archive.read("blog.md").decode()
        assert '<img src="images/003.jpg"' in archive.read("blog.html").decode()


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("My talk.md", "My talk.md", "My%20talk.md"),
        ("Zoë – Überblick.md", "Zoe Uberblick.md", "Zo%C3%AB%20%E2%80%93%20%C3%9Cberblick.md"),
        ("日本語.md", "draft.md", "%E6%97%A5%E6%9C%AC%E8%AA%9E.md"),
        ('../../etc/"pass\r\nwd".md', "etc pass wd.md", "etc%20pass%20wd.md"),
        ("\u202egnp.exe.md", "gnp.exe.md", "gnp.exe.md"),
        ("", "draft", "draft"),
        (".md", "draft.md", "draft.md"),
        ("a\ud800b.md", "ab.md", "ab.md"),
    ],
)
def test_a_download_has_a_safe_name(name, plain, exact):
    expected = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
    assert export.content_disposition(name) == expected
    assert expected.isascii()


def test_a_long_name_keeps_its_ending():
    header = export.content_disposition("é" * 300 + ".zip")
    assert header.endswith(".zip")
    assert len(header) < 600
