"""Fifty documents are saved and shown again byte by byte: the desk tidies up nothing."""

import re
from html import unescape
from pathlib import Path

from tests.support.markdown_documents import documents
from tests.support.still_desk import still_desk

FIELD = re.compile(r'<textarea id="body"[^>]*>\n(.*?)</textarea>', re.S)


def test_fifty_documents_come_back_as_they_were_typed(tmp_path: Path) -> None:
    with still_desk(tmp_path) as desk:
        owner = desk.house.owner
        desk.written("One.")
        for document in documents():
            form = {
                "title": "T",
                "body": document.replace("\n", "\r\n"),
                "based_on": desk.shown().tag,
            }
            assert owner.post(desk.url, data=form).status_code == 303
            assert desk.shown().body == document
            field = FIELD.search(owner.get(desk.url).text)
            assert field
            assert unescape(field[1]) == document
