"""Where stored files lie: each kind where it is found again, and no two in one place."""

from pathlib import Path

from draftmill import storage
from draftmill.settings import Settings


def test_a_thumbnail_lies_beside_its_picture() -> None:
    assert storage.thumb_of("attempts/j-1/001.jpg") == "attempts/j-1/001-thumb.jpg"


def test_the_folders_of_a_jobs_attempts_are_found_by_number(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    made = {
        n: storage.stored(settings, "p", storage.attempt_name(job, n))
        for job, n in (("other", 4), ("job", 1), ("job", 12))
    }
    for folder in made.values():
        folder.mkdir(parents=True)
    assert dict(storage.attempts_of(settings, "p", "job")) == {1: made[1], 12: made[12]}


def test_uploads_are_told_from_files_on_their_way_into_a_project(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    part, upload = storage.new_part(settings), storage.upload(settings, "an-id")
    part.parent.mkdir()
    part.touch()
    upload.touch()
    assert list(storage.parts(settings)) == [part]
    assert dict(storage.uploads(settings)) == {"an-id": upload}
    assert storage.new_part(settings) != part
