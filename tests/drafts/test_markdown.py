"""Drafts as HTML: nothing hostile gets through, nothing asks another machine."""

import random

import pytest

from draftmill.drafts import export
from draftmill.drafts.markdown import count_words, numbers_of_pictures, render
from tests.support.illustrated_draft import PROJECT, SHOTS, draft, elements


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


def test_text_from_right_to_left_finds_its_own_direction_and_other_text_none() -> None:
    hebrew = render("# שלום\n\nשלום לכולם\n\n> טקסט\n\n- one", "p1", {})
    for tag in ("h1", "p", "blockquote", "ul", "li"):
        assert f'<{tag} dir="auto">' in hebrew
    assert "dir=" not in render("# Title\n\nText.", "p1", {})
