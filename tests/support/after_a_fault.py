"""What must be true of every job and every house after a fault."""

import json
from collections.abc import Iterable
from contextlib import closing

from draftmill.maintenance import invariants
from tests.support.house import House, until
from tests.support.process_states import settings


def sound(house: House, *, at_rest: bool = False) -> None:
    """The invariants hold, with not one file or row left over. Files may take a moment to go."""

    def broken() -> list[str]:
        with closing(house.db()) as db:
            return invariants.broken(db, settings(house), at_rest=at_rest, orphans_after_s=0)

    found: list[str] = []

    def holds() -> bool:
        found[:] = broken()
        return not found

    try:
        until(holds, 10)
    except AssertionError:
        raise AssertionError(found) from None


def faultless(house: House, job_ids: Iterable[str]) -> list[str]:
    """What is wrong with jobs that should all have succeeded, as a sentence each."""
    return [sentence for job_id in job_ids for sentence in _faults(house, job_id)]


def _faults(house: House, job_id: str) -> list[str]:
    job = house.ended(job_id)
    found = []
    if job["status"] != "succeeded":
        found.append(f"{job['type']} {job_id} is {job['status']}: {job['error_message']}")
    if json.loads(job["skipped"]):
        found.append(f"{job['type']} {job_id} left out {job['skipped']}")
    ends = house.rows("select 1 from job_logs where job_id = ? and message = 'Done'", job_id)
    if len(ends) != 1:
        found.append(f"{job['type']} {job_id} ended {len(ends)} times")
    if job["type"] != "ingest":
        return found + _draft_faults(house, job_id)
    return found + _transcript_faults(house, job["project_id"])


def _draft_faults(house: House, job_id: str) -> list[str]:
    versions = house.rows("select body from draft_versions where job_id = ?", job_id)
    if len(versions) != 1:
        return [f"the job {job_id} wrote {len(versions)} drafts"]
    return [] if versions[0]["body"].strip() else [f"the draft of {job_id} is empty"]


def _transcript_faults(house: House, project_id: str) -> list[str]:
    """Every window is there once and complete, one follows the other, and its words with it."""
    transcripts = house.rows("select * from transcripts where project_id = ?", project_id)
    if len(transcripts) != 1:
        return [f"project {project_id} has {len(transcripts)} transcripts"]
    transcript_id = transcripts[0]["id"]
    found = []
    windows = house.rows("select * from windows where transcript_id = ? order by n", transcript_id)
    end_s = 0.0
    for window in windows:
        if abs(window["start_s"] - end_s) > 0.001 or window["completed_at"] is None:
            found.append(f"window {window['n']} of {project_id}: {tuple(window)}")
        end_s = window["end_s"]
    for table in ("segments", "chapters"):
        rows = house.rows(
            f"select start_s from {table} where transcript_id = ? order by start_s", transcript_id
        )
        starts = [row["start_s"] for row in rows]
        if not starts or len(starts) != len(set(starts)):
            found.append(f"the {table} of {project_id} start at {starts}")
    return found
