"""Several tracks through the whole house: killed in the middle, and one in another language."""

import os
import signal
from contextlib import closing
from pathlib import Path

from tests.support import media_files as files
from tests.support.house import QUICK, House, opened, until
from tests.support.many_tracks import TALK, two_people
from tests.support.places import SOUNDS
from tests.support.process_states import child_at

OF_TRACK = (
    "select count(*) from windows w join transcripts t on t.id = w.transcript_id"
    " where t.project_id = ? and track = ? and w.completed_at is not null"
)
SAID = (
    "select s.* from segments s join projects p on p.transcript_id = s.transcript_id"
    " where p.id = ? order by window, n"
)


def finished(house: House, project_id: str, track: int) -> int:
    row = house.one(OF_TRACK, project_id, track)
    return int(row[0]) if row else 0


def test_a_kill_between_two_tracks_loses_no_ones_sentences(tmp_path: Path) -> None:
    long = files.made(
        "conversation.mka", "-stream_loop", "3", "-i", str(two_people()), "-map", "0", "-c", "copy"
    )
    with opened(tmp_path / "data", **QUICK) as house, closing(house.make_owner()) as client:
        project_id = house.upload(client, long)
        job = until(lambda: house.one("select id from jobs where project_id = ?", project_id))
        until(lambda: finished(house, project_id, 0), why="a window of the first track")
        os.kill(child_at(job["id"]).pid, signal.SIGKILL)
        ended = house.ended(job["id"])
        assert (ended["status"], ended["attempt"]) == ("succeeded", 2)
        said = house.rows(SAID, project_id)
        assert [one["start_s"] for one in said] == sorted(one["start_s"] for one in said)
        for speaker, word in (("Track 1", "database"), ("Track 2", "machines")):
            by_them = " ".join(one["text"] for one in said if one["speaker"] == speaker)
            assert by_them.count(word) >= 3
        assert finished(house, project_id, 1) > 0


def test_an_untagged_track_in_another_language_does_not_fail_the_others(tmp_path: Path) -> None:
    german = ("-i", str(SOUNDS / "german.opus"), "-map", "0:a", "-map", "1:a", "-c", "copy")
    both = files.made("untagged.mka", *TALK, *german)
    with opened(tmp_path / "data", **QUICK) as house, closing(house.make_owner()) as client:
        project_id = house.upload(client, both)
        job = until(lambda: house.one("select id from jobs where project_id = ?", project_id))
        ended = house.ended(job["id"])
        assert ended["status"] == "succeeded"
        assert "track 2, which does not sound like English" in ended["warnings"]
        assert {one["speaker"] for one in house.rows(SAID, project_id)} == {"Track 1"}
