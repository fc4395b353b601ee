"""Projects through HTTP: a film, a pasted text, and what became of their jobs."""

import sqlite3
from pathlib import Path

import httpx2

from tests.support import media_files as files
from tests.support.house import House, project_id
from tests.support.places import SOUNDS


def talk_file() -> Path:
    """The spoken English of the tests, over two slides."""
    slides = (
        "-f", "lavfi", "-i", "rgbtestsrc=size=320x180:rate=10:duration=6",
        "-f", "lavfi", "-i", "smptebars=size=320x180:rate=10:duration=6",
        "-filter_complex", "[1:v][2:v]concat=n=2:v=1[v]", "-map", "[v]", "-map", "0:a",
    )  # fmt: skip
    sound = ("-i", str(SOUNDS / "english.opus"))
    return files.made("talk.mp4", *sound, *slides, *files.H264, "-g", "20", "-c:a", "aac")


def newest(house: House, project: str, task_type: str = "ingest") -> sqlite3.Row:
    row = house.one(
        "select * from jobs where project_id = ? and type = ? order by n desc", project, task_type
    )
    assert row
    return row


def row_of(house: House, project: str) -> sqlite3.Row:
    row = house.one("select * from projects where id = ?", project)
    assert row
    return row


def done(house: House, project: str, task_type: str) -> sqlite3.Row:
    """The newest job of a type, ended well."""
    row = house.ended(newest(house, project, task_type)["id"])
    assert row["status"] == "succeeded", row["error_message"]
    return row


def delete_for_good(client: httpx2.Client, project: str) -> None:
    """Through the bin, and out of it."""
    assert client.post(f"/projects/{project}/delete").status_code == 303
    assert client.post(f"/bin/{project}/delete").status_code == 303


def start(house: House, client: httpx2.Client, project: str, task_type: str, **more: str) -> None:
    known = house.one(
        "select id from jobs where project_id = ? and type = ? order by n desc", project, task_type
    )
    fields = {"type": task_type, "after_last": known["id"] if known else ""} | more
    assert client.post(f"/projects/{project}/jobs", data=fields).status_code == 303


def pasted(client: httpx2.Client, text: str, **fields: object) -> str:
    answer = client.post(
        "/projects", files={"recording": ("", b"")}, data={"transcript_text": text} | fields
    )
    assert answer.status_code == 303, answer.text
    return project_id(answer)


def idle(house: House, client: httpx2.Client, text: str, **fields: object) -> str:
    """A project of a pasted text, of which the chapters need not be found."""
    project = pasted(client, text, **fields)
    client.post(f"/jobs/{newest(house, project, 'ingest')['id']}/cancel")
    return project
