"""A page that is taken away says in which language it is written, and from where it is read."""

import io
import zipfile
from pathlib import Path

import httpx2
import pytest

from draftmill.clock import now
from tests.support.draft_rows import P
from tests.support.still_desk import StillDesk, still_desk


def transcribed_in(desk: StillDesk, language: str) -> None:
    (transcript,) = desk.db.execute(
        "insert into transcripts (project_id, params_hash, model, language, created_at, completed_at)"
        " values (?, '', '', ?, ?, ?) returning id",
        (P, language, now(), now()),
    ).fetchone()
    desk.db.execute("update projects set transcript_id = ? where id = ?", (transcript, P))


def zipped(answer: httpx2.Response) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        (name,) = [name for name in packed.namelist() if name.endswith(".html")]
        return packed.read(name).decode()


@pytest.mark.parametrize(
    ("spoken", "chosen", "model", "head"),
    [
        ("he", "", "extractive", '<html lang="he" dir="rtl">'),
        ("he", "de", "a-model", '<html lang="de">'),
        ("he", "de", "extractive", '<html lang="he" dir="rtl">'),  # it writes as was spoken
        ("", "", "a-model", '<html dir="rtl">'),
    ],
)
def test_in_the_one_file_in_the_zip_and_in_the_zip_of_many(
    tmp_path: Path, spoken: str, chosen: str, model: str, head: str
) -> None:
    with still_desk(tmp_path) as desk:
        transcribed_in(desk, spoken)
        desk.written("דיברנו על הבילד.\n\nAnd on.\n")
        desk.db.execute("update projects set draft_language = ?", (chosen,))
        desk.db.execute(
            "update draft_versions set model = ?, title = '' where type = 'blog'", (model,)
        )
        get = desk.house.owner.get
        for page in (
            get(f"{desk.url}.html").text,
            zipped(get(f"{desk.url}.zip")),
            zipped(get("/jobs/results.zip", params={"ids": "written-blog"})),
        ):
            assert page.startswith(f"<!doctype html>\n{head}\n")
