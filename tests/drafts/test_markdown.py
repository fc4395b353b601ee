"""Drafts as HTML, and to take away: nothing hostile gets through, nothing asks another machine."""

import io
import random
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from draftmill.drafts import export
from draftmill.drafts.markdown import count_words, numbers_of_pictures, render
from draftmill.drafts.versions import Version
from draftmill.projects.screenshots import Screenshot

PROJECT = "0f8c1c9e-1111-4222-8333-444455556666"
SHOTS = {
    3: Screenshot(3, 10.0, 20.0, "ingest-1/003.jpg", 1280, 720),
    12: Screenshot(12, 30.0, 40.0, "ingest-1/012.jpg", 640, 480),
}
JPEG = b"\xff\xd8\xff\xe0 not really a picture \xff\xd9"


class Elements(HTMLParser):
    """All start tags of a fragment, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    return Elements(html).found


def assert_safe(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag in [
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "s",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ], tag
        for name, value in attributes.items():
            assert name in [
                "href",
                "title",
                "rel",
                "class",
                "src",
                "alt",
                "width",
                "height",
                "loading",
                "start",
            ], name
            if name == "src":
                assert value.startswith(f"/projects/{PROJECT}/screenshots/")
            if name == "href":
                assert (
                    not value.lower()
                    .replace("\t", "")
                    .startswith(("javascript:", "data:", "vbscript:", "file:"))
                )


def draft(body: str, title: str = "A title", **more) -> Version:
    values = {
        "id": 1,
        "project_id": PROJECT,
        "type": "blog",
        "n": 1,
        "based_on": None,
        "author": "writer",
        "job_id": None,
        "fields": {},
        "evidence": {},
        "model": "",
        "created_at": "",
        "updated_at": "",
    }
    return Version(title=title, body=body, **values | more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ingest-1").mkdir()
    for shot in SHOTS.values():
        (tmp_path / shot.file).write_bytes(JPEG)
    return tmp_path


def test_a_screenshot_becomes_a_picture_with_its_size():
    assert elements(render('![A "slide" <b>](shot:12)', PROJECT, SHOTS)) == [
        ("p", {}),
        (
            "img",
            {
                "src": f"/projects/{PROJECT}/screenshots/12",
                "alt": 'A "slide" <b>',
                "width": "640",
                "height": "480",
                "loading": "lazy",
            },
        ),
    ]


def test_a_screenshot_that_does_not_exist_is_left_out():
    assert render("![x](shot:13)", PROJECT, SHOTS).strip() == ""
    assert render("a ![x](shot:13) b", PROJECT, SHOTS) == "<p>a  b</p>\n"
    assert render("![x](shot:abc) ![x](shot:99999999999)", PROJECT, SHOTS).count("<img") == 0


def test_a_time_becomes_a_link_to_the_player():
    assert elements(render("[6:14](time:374) [0:07](time:7.5)", PROJECT, SHOTS))[1:] == [
        (
            "a",
            {
                "href": f"/projects/{PROJECT}?t={t}#player",
                "class": "time",
                "rel": "noopener noreferrer",
            },
        )
        for t in ("374", "7.5")
    ]


def test_a_time_that_is_none_is_plain_text():
    assert render("[a](time:abc) [b](shot:3)", PROJECT, SHOTS) == "<p>a b</p>\n"


def test_pictures_from_elsewhere_become_links():
    html = render("![cat](https://elsewhere.example/x.png)", PROJECT, SHOTS)
    assert elements(html)[1:] == [
        ("a", {"href": "https://elsewhere.example/x.png", "rel": "noopener noreferrer"})
    ]
    bare = render("![](http://elsewhere.example/x.png)", PROJECT, SHOTS)
    assert ">http://elsewhere.example/x.png</a>" in bare


@pytest.mark.parametrize(
    "source", ["data:image/png;base64,AAAA", "//elsewhere.example/x", "/x.png"]
)
def test_other_pictures_leave_their_description(source):
    assert render(f"![cat]({source})", PROJECT, SHOTS) == "<p>cat</p>\n"


def test_a_picture_inside_a_link_makes_no_second_link():
    html = render("[![cat](https://a.example/x.png)](https://b.example)", PROJECT, SHOTS)
    assert [attributes["href"] for tag, attributes in elements(html) if tag == "a"] == [
        "https://b.example"
    ]


def test_tables_lists_and_strikethrough_are_rendered_without_styles():
    html = render("|a|b|\n|:-|-:|\n|1|~~2~~|\n\n3. x\n", PROJECT, SHOTS)
    assert ("td", {"class": "right"}) in elements(html)
    assert ("ol", {"start": "3"}) in elements(html)
    assert "<s>2</s>" in html
    assert "style" not in html


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<style>*{display:none}</style>",
        "<iframe src=https://x></iframe>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](javascript:alert(1))",
        '[x](http://a.example "onmouseover=alert(1)")',
        '[x](http://a.example/"onmouseover="alert(1))',
        '![x" onerror="alert(1)](shot:12)',
        "```<script>\nx\n```",
        "`<script>`",
        "[<img src=x onerror=alert(1)>](time:3)",
        "|a|\n|-|\n|<script>x</script>|",
        "# <b onclick=x>y",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_hostile_text_is_harmless(body):
    html = render(body, PROJECT, SHOTS)
    assert_safe(html)
    assert "<script" not in html


def test_random_hostile_text_is_harmless():
    pieces = [
        "<script>",
        "</script>",
        "<img",
        "src=x",
        "onerror=y>",
        "![",
        "](",
        ")",
        "[",
        "javascript:alert(1)",
        "shot:12",
        "shot:3",
        "time:5",
        "http://a.example",
        '"',
        "'",
        ">",
        "<",
        "&",
        "\n",
        "\n\n",
        "|",
        "|-|-|",
        "**",
        "`",
        "```",
        "~~",
        "-",
        "#",
        "*",
        "_",
        "&#106;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "style=x",
        "on=y",
        "\\",
        "\t",
        ":",
        "//",
        "data:text/html,",
        "<a",
        'href="javascript:x">',
        "</a>",
        "{}",
        "é",
        "\u202e",
        "\x00",
    ]
    chance = random.Random(11)
    for _ in range(400):
        body = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 40)))
        assert_safe(render(body, PROJECT, SHOTS))


@pytest.mark.parametrize("piece", ["![", "[", "](", "[a](", "<a", "**a", "> ", "`", "|", "![a]("])
def test_repeated_marks_are_counted_and_exported_in_linear_time(piece):
    body = piece * 20_000
    assert count_words(body) >= 0
    assert export.markdown(draft(body)).startswith("# A title")


def test_words_are_those_a_reader_sees():
    body = "## Two words\n\n[three more words](https://x.y/z?a=b) ![not this](shot:3) don't 3.5"
    assert count_words(body) == 7


def test_the_pictures_of_a_body_are_found_in_order():
    body = "![a](shot:12) ![b](shot:3)\n\n- ![c](shot:12)\n\n`![d](shot:7)`"
    assert numbers_of_pictures(body) == [12, 3]


BODY = (
    "## Begin\n\n[0:10](time:10) ![Slide *one*](shot:3)\n\nText with [link](https://a.example).\n\n"
    "![gone](shot:99)\n\nEnd."
)


def test_markdown_to_paste_has_no_pictures_and_plain_times():
    assert export.markdown(draft(BODY)) == (
        "# A title\n\n## Begin\n\n0:10 \n\nText with [link](https://a.example).\n\nEnd.\n"
    )


def test_a_newsletter_has_its_preview_under_the_subject():
    text = export.markdown(draft("Hi.", fields={"preview": "What is\ninside"}))
    assert text == "# A title\n\n*What is inside*\n\nHi.\n"


def test_posts_are_numbered_text():
    thread = draft('["First <b>.", "Second."]', type="twitter")
    assert export.markdown(thread) == "1/2\nFirst <b>.\n\n2/2\nSecond.\n"
    assert export.markdown(draft('["Only."]', type="linkedin")) == "Only.\n"


def test_html_is_one_document_that_carries_its_pictures(folder):
    page = export.html(draft(BODY, title="A <title> & more"), SHOTS, folder, "en")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>A &lt;title&gt; &amp; more</title>" in page
    sources = [attributes["src"] for tag, attributes in elements(page) if tag == "img"]
    assert len(sources) == 1
    assert sources[0].startswith("data:image/jpeg;base64,")
    links = [attributes["href"] for tag, attributes in elements(page) if tag == "a"]
    assert links == ["https://a.example"]


def test_html_of_posts_is_escaped(folder):
    page = export.html(draft('["<script>x</script>"]', title=""), {}, folder)
    assert '<p class="post">&lt;script&gt;x&lt;/script&gt;</p>' in page
    assert "<title>Draft</title>" in page


def test_the_zip_holds_text_page_and_the_pictures_that_exist(folder):
    (folder / SHOTS[12].file).unlink()
    packed = io.BytesIO()
    export.write_zip(packed, draft(BODY + "\n\n![b](shot:12)"), SHOTS, folder)
    with zipfile.ZipFile(packed) as archive:
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
