"""The line above a draft holds for the text that is shown: what is to be checked is told by the marks alone."""

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from draftmill.drafts.versions import current
from draftmill.evidence.records import Flaw, blocks_in, stored
from tests.support.api_programs import ServerAlone, program, token_for
from tests.web.pages.drafts import test_marks as marks

server, client, db, project = marks.server, marks.client, marks.db, marks.project
ABOVE = re.compile(r'<span id="note"[^>]*>([^<]*)</span>')
FIELDS = {
    "note": "Rough speech. Check this: 2 of 5 statements may not be said in the recording."
    " 1 time was wrong and put right.",
    "unverified": ["we drew nineteen graphs"],
    "subjects": ["Forty graphs"],
    "doubts": [["37", "36"], ["Forty", ""]],
}


@pytest.fixture
def url(db: sqlite3.Connection, project: str) -> Iterator[str]:
    """The desk of a draft with a doubtful title, one corrected time, and two parts to check."""
    shown = current(db, project, "blog")
    assert shown
    first, *others = blocks_in(shown.evidence)
    right = replace(first.claims[0], problems=(Flaw("corrected", "0:41", "0:20"),))
    blocks = [replace(first, claims=(right,)), *others]
    db.execute(
        "update draft_versions set title = 'It lost 37 jobs', fields = ?, evidence = ? where id = ?",
        (json.dumps(FIELDS), json.dumps(stored(blocks)), shown.id),
    )
    yield f"/projects/{project}/drafts/blog"


def above(html: str) -> str:
    return "".join(ABOVE.findall(html))


def test_the_line_tells_how_it_was_made_and_what_stands_beside_the_text(
    client: httpx2.Client, url: str
) -> None:
    assert above(client.get(url).text) == (
        "Rough speech. Not in the recording, but in the title or beside it: “37” (“36”?), “Forty”."
        " 1 time was wrong and put right."
    )


def test_the_line_follows_the_title_and_the_text_as_they_are_typed(
    client: httpx2.Client, url: str
) -> None:
    form = {"title": "It lost 36 jobs", "body": marks.ARTICLE}
    html = client.post(f"{url}/preview", data=form).text
    assert "beside it: “Forty”. 1 time was" in above(html)
    form["body"] = marks.ARTICLE.replace("They measured", "They all measured")
    assert "put right" not in above(client.post(f"{url}/preview", data=form).text)


def test_programs_and_the_zip_know_what_was_looked_at(
    server: ServerAlone, client: httpx2.Client, url: str
) -> None:
    for text in ("nineteen", marks.INVENTED):
        client.post(f"{url}/evidence/{marks.hash_of(text)}/look")
    assert "Nothing left to check" in client.get(url).text
    with zipfile.ZipFile(io.BytesIO(client.get(f"{url}.zip").content)) as packed:
        in_zip = json.loads(packed.read("evidence.json"))
    with closing(program(server, token_for(server))) as api:
        by_api = api.get(f"{url}/evidence").json()
    for found in (in_zip, by_api):
        assert left(found) == []
        assert sum(block["looked"] for block in found["blocks"]) == 2


def left(evidence: dict[str, Any]) -> list[str]:
    return [b["hash"] for b in evidence["blocks"] if b["status"] == "weak" and not b["looked"]]
