"""What one draft may cost: posts are counted, text is rendered to a bound, history comes in pages."""

import json

import pytest

from draftmill.clock import now
from draftmill.drafts import editing, versions
from draftmill.drafts.checking import TooManyPosts
from draftmill.drafts.markdown import RENDERED, numbers_of_pictures, render
from tests.support.draft_rows import MARA, P, generate, save, shown
from tests.support.illustrated_draft import PROJECT, SHOTS, draft, elements

MOST = {"twitter": 12, "linkedin": 1}


def stored(db, posts: list[str], type: str = "twitter") -> versions.Version:
    """A version from before there were bounds."""
    older = versions.insert(db, P, type, versions.Text("", json.dumps(posts), {}))
    versions.show(db, older)
    return older


@pytest.mark.parametrize(("type", "most"), MOST.items())
def test_a_draft_has_at_most_the_posts_of_its_type(db, type, most):
    kept = save(db, ["post"] * most, "", type=type).version
    for count in (most + 1, 200_000):
        with pytest.raises(TooManyPosts):
            save(db, ["post"] * count, kept.tag, type=type)
        with pytest.raises(TooManyPosts):
            generate(db, f"j{count}", json.dumps([""] * count), type=type)
    assert shown(db, type) == kept


def test_a_version_with_too_many_posts_does_not_come_back(db):
    stored(db, ["post"] * 13)
    kept = save(db, ["post"], None, type="twitter").version
    with pytest.raises(TooManyPosts):
        editing.go_back(db, P, "twitter", 1, MARA)
    assert shown(db, "twitter") == kept


def test_of_an_older_draft_with_too_many_posts_the_first_hundred_are_shown(db):
    assert stored(db, [str(n) for n in range(200_000)]).posts == [str(n) for n in range(100)]


def test_an_article_is_never_taken_for_posts():
    assert draft(json.dumps([""] * 1000)).posts == []


def test_a_text_is_rendered_up_to_a_bound_and_says_so():
    whole, longer = (render("a" * length, PROJECT, {}) for length in (RENDERED, RENDERED + 1))
    assert "goes on" not in whole
    assert longer.startswith(whole)
    assert "of its characters the first 200,000 are shown" in longer.lower()
    assert "goes on" in render("a\n" * 10_001, PROJECT, {})
    assert numbers_of_pictures("a" * RENDERED + "![](shot:3)") == []


def test_references_add_no_more_than_a_text_may_hold():
    body = f"[a]: /{'u' * 10_000}\n\n" + "[a] " * 10_000
    html = render(body, PROJECT, SHOTS)
    assert len(html) < 3 * RENDERED
    assert 10 < len([1 for tag, _ in elements(html) if tag == "a"]) < 30


def test_versions_come_in_pages(db):
    for n in range(5):
        db.execute("update draft_versions set updated_at = ?", (now(-3600),))
        save(db, f"{n}", shown(db).tag if n else "")
    assert [v.n for v in versions.versions(db, P, "blog", before=5, most=3)] == [4, 3, 2]
