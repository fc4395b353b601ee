"""What nobody will come back for is deleted, and what somebody adopted stays."""

from pathlib import Path

from draftmill.settings import Settings
from draftmill.uploads.disk import discard_stale
from draftmill.uploads.form import Form
from draftmill.uploads.received import Received


def test_what_a_killed_server_left_is_deleted(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    discard_stale(settings)  # there is no folder yet
    settings.uploads.mkdir()
    stale, other = settings.uploads / "x.part", settings.uploads / "other"
    stale.touch()
    other.touch()
    discard_stale(settings)
    assert list(settings.uploads.iterdir()) == [other]


def test_a_form_forgets_only_files_that_nobody_adopted(tmp_path: Path) -> None:
    path = tmp_path / "x.part"
    path.touch()
    form = Form(
        files={"recording": [Received(path, "x", 0, ""), Received(tmp_path / "y", "y", 0, "")]}
    )
    form.discard()
    assert not path.exists()
