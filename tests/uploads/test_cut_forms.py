"""A form that breaks off or is none leaves nothing; names of files are shown, never used."""

import html

import httpx2
import pytest

from tests.support import media_files as files
from tests.support.forms_by_hand import BOUNDARY, connect, head_of, part
from tests.support.house import House, project_id, until
from tests.support.projects import delete_for_good
from tests.support.sent_recordings import nothing_kept


def test_an_upload_that_breaks_off_leaves_nothing(house: House, owner: httpx2.Client) -> None:
    uploads = house.data / "uploads"
    with nothing_kept(house):
        with connect(house) as line:
            line.sendall(head_of(house, owner, 10**8) + part("a.wav", files.noise().read_bytes()))
            line.sendall(bytes(2 << 20))
            until(lambda: list(uploads.glob("*.part")), why="the upload to begin")
        until(lambda: not list(uploads.glob("*.part")), why="the upload to be given up")


def test_a_form_without_its_last_boundary_is_refused(house: House, owner: httpx2.Client) -> None:
    with nothing_kept(house):
        answer = owner.post(
            "/projects",
            content=part("a.wav", files.tone("whole.wav").read_bytes()),
            headers={
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Accept": "application/json",
            },
        )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "cut_upload"


def test_a_body_that_is_no_form_is_refused(house: House, owner: httpx2.Client) -> None:
    with nothing_kept(house):
        answer = owner.post("/projects", json={"recording": "x"})
    assert answer.status_code == 400
    assert "not a form with a file" in answer.text


NAMES: dict[str, tuple[bytes, str]] = {
    "not utf-8": (b"caf\xe9.wav", "café.wav"),
    "255 bytes": (b"n" * 251 + b".wav", "n" * 251 + ".wav"),
    "255 bytes of two each": ("é".encode() * 125 + b".wav", "é" * 125 + ".wav"),
    "right to left": ("\u202eפגישה\u202c.wav".encode(), "פגישה.wav"),
    "a line end": (b"two%0D%0Alines.wav", "two lines.wav"),
    "a way up": (b"../../../draftmill.db.wav", "draftmill.db.wav"),
    "a way in": (b"/etc/cron.d/x.wav", "x.wav"),
    "a way in Windows": (rb"C:\Windows\x.wav", "x.wav"),
    "markup": (b"<script>alert(1)</script>.wav", "script>.wav"),
    "a NUL": (b"a\0b.wav", "a b.wav"),
    "a template": (b"{{ 7*7 }}.wav", "{{ 7*7 }}.wav"),
}
AS_RECORDINGS = {"not utf-8", "255 bytes", "a line end", "a way up"}


@pytest.mark.parametrize("kind", NAMES)
def test_any_file_name_is_shown_and_is_no_path(
    house: House, owner: httpx2.Client, kind: str
) -> None:
    raw, shown = NAMES[kind]
    recording = kind in AS_RECORDINGS
    content = files.tone("named.wav").read_bytes() if recording else kind.encode()
    field = "recording" if recording else "transcript"
    body = part(raw, content, field) + f"--{BOUNDARY}--\r\n".encode()
    answer = owner.post(
        "/projects",
        content=body,
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    assert answer.status_code == 303, answer.text
    project = project_id(answer)
    row = house.one("select file, file_name, title from projects where id = ?", project)
    file = "recording.wav" if recording else None
    assert row and (row["file"], row["file_name"]) == (file, shown)
    stored = [path.name for path in (house.data / "media" / project).glob("*.*")]
    assert stored == [file] * recording
    page = owner.get(f"/projects/{project}").text
    assert f"<bdi>{html.escape(shown)}</bdi>" in page.replace("&#34;", "&quot;")
    delete_for_good(owner, project)
