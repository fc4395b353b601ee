"""What the janitor does in each round, chore by chore.

Every chore works in transactions of a few dozen rows, so that nobody waits long for the
database, and looks again inside each of them: what has come to use meanwhile stays.
"""

import sqlite3
from collections.abc import Callable

from draftmill.accounts import sessions, throttle
from draftmill.database import changes, idempotency
from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import find_job
from draftmill.maintenance import orphans, stuck
from draftmill.maintenance.model_parts import delete_model_parts
from draftmill.maintenance.rounds import BATCH, DAY_S, Cleaning, Stopped
from draftmill.notifications import outbox
from draftmill.projects import binned
from draftmill.projects.deletion import remove_files
from draftmill.search import indexing
from draftmill.uploads import resumable


class Stuck(Problem):
    code = "stuck"
    default_hint = "Press Retry."


UNNEEDED = """
status in ('succeeded', 'failed', 'cancelled')
and exists (select 1 from jobs newer where newer.project_id = jobs.project_id
            and newer.type = jobs.type and newer.n > jobs.n)
and not exists (select 1 from jobs later where later.after_job_id = jobs.id
                and later.status = 'pending')
"""
ENDED = f"select n, id, user_id from jobs where completed_at < :before and {UNNEEDED} order by n"

SPENT = """
select distinct origin_id from checkpoints where created_at < ? and origin_id in
 (select origin_id from (select origin_id, status, max(n) from jobs group by origin_id)
  where status = 'succeeded')
"""

EXPIRED = (
    (
        "sign-in attempts forgotten",
        "delete from login_attempts where rowid in"
        " (select rowid from login_attempts where at < ? limit ?)",
        max(window_s for _, _, window_s in throttle.ATTEMPT_LIMITS),
    ),
    (
        "setup links deleted",
        "delete from setup_tokens where id_hash in"
        " (select id_hash from setup_tokens where expires_at < ? limit ?)",
        0.0,
    ),
    (
        "repeated requests forgotten",
        "delete from idempotency where (user_id, key) in"
        " (select user_id, key from idempotency where created_at < ? limit ?)",
        idempotency.KEPT_S,
    ),
    (
        "tries of channels forgotten",
        "delete from deliveries where id in (select id from deliveries where at < ? limit ?)",
        outbox.LOG_KEPT_S,
    ),
)


def fail_what_waits_in_vain(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    rows = stuck.in_vain(db)
    for at in range(0, len(rows), BATCH):
        with transaction(db):
            still = {row["id"] for row in stuck.in_vain(db)}
            for row in rows[at : at + BATCH]:
                job = find_job(db, row["id"])
                if job and job.id in still:
                    problem = Stuck(f"This job could never have started: {row['reason']}.")
                    cleaning.report.add(
                        "stuck jobs failed", bool(endings.fail_waiting(db, job, problem))
                    )
        cleaning.pause()


def fail_what_is_silent(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    """Counted in rounds: a clock that jumps, or a machine that sleeps, makes no job silent."""
    before = dict(cleaning.silent_rounds)
    cleaning.silent_rounds.clear()
    for row in stuck.unheard(db, "~"):
        key = row["id"], row["attempt"], row["updated_at"]
        rounds = cleaning.silent_rounds[key] = before.get(key, -1) + 1
        silent_s = rounds * cleaning.settings.clean_every_s
        if silent_s >= stuck.unheard_after_s(cleaning.settings):
            _fail_silent(cleaning, db, row, silent_s)


def _fail_silent(
    cleaning: Cleaning, db: sqlite3.Connection, row: sqlite3.Row, silent_s: float
) -> None:
    with transaction(db):
        job = find_job(db, row["id"])
        if job and (job.attempt, job.updated_at) == (row["attempt"], row["updated_at"]):
            problem = Stuck(f"Nothing was heard of this job for {silent_s / 3600:.1f} hours.")
            cleaning.report.add("stuck jobs failed", endings.fail(db, job, problem) is not None)


def delete_ended_jobs(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    """Those that ended long ago, but never the newest of a type; their drafts stay."""
    rows = db.execute(ENDED, {"before": cleaning.before(cleaning.settings.keep_jobs_days * DAY_S)})
    for batch in cleaning.batches(rows.fetchall()):
        with transaction(db):
            for row in batch:
                deleted = db.execute(
                    f"delete from jobs where n = ? and {UNNEEDED}", (row["n"],)
                ).rowcount
                if deleted:
                    changes.record(db, "job", row["id"], row["user_id"], deleted=True)
                    cleaning.report.add("ended jobs deleted")


def delete_transcripts(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    for transcript_id in orphans.transcripts(db, cleaning.before(DAY_S)):
        with transaction(db):
            if not orphans.transcripts(db, cleaning.before(DAY_S), transcript_id):
                continue
            # From here on no retry finds it, so that it may go piece by piece.
            db.execute(
                "delete from checkpoints where stage = 'transcribe'"
                " and json_extract(state, '$.transcript_id') = ?",
                (transcript_id,),
            )
        _delete_sentences(cleaning, db, transcript_id)
        with transaction(db):
            db.execute("delete from transcripts where id = ?", (transcript_id,))
        cleaning.report.add("transcripts deleted")
        cleaning.pause()


def _delete_sentences(cleaning: Cleaning, db: sqlite3.Connection, transcript_id: int) -> None:
    windows = db.execute(
        "select distinct window from segments where transcript_id = ?", (transcript_id,)
    ).fetchall()
    for (window,) in windows:
        with transaction(db):
            db.execute(
                "delete from segments where transcript_id = ? and window = ?",
                (transcript_id, window),
            )
        cleaning.pause()


def delete_checkpoints(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    """Those of jobs that are gone, and of jobs that reached their aim: nobody retries them."""
    before = cleaning.before(DAY_S)
    rows = orphans.checkpoints(db, before) + db.execute(SPENT, (before,)).fetchall()
    for batch in cleaning.batches(rows):
        with transaction(db):
            for (origin_id,) in batch:
                deleted = db.execute("delete from checkpoints where origin_id = ?", (origin_id,))
                cleaning.report.add("checkpoints deleted", deleted.rowcount)


def tell_what_is_gone(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    for batch in cleaning.batches(orphans.changes(db, "~")):
        with transaction(db):
            for row in batch:
                if orphans.is_gone(db, row):
                    changes.record(db, row["kind"], row["object_id"], row["user_id"], deleted=True)
                    cleaning.report.add("forgotten changes noted")


def trim_changes(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    rows = db.execute(
        "select version from changes where deleted and at < ?", (cleaning.before(DAY_S),)
    ).fetchall()
    for batch in cleaning.batches(rows):
        with transaction(db):
            for (version,) in batch:
                # A change made since has another version.
                trimmed = db.execute("delete from changes where version = ?", (version,))
                cleaning.report.add("changes of deleted things trimmed", trimmed.rowcount)


def end_sessions(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    rows = db.execute(
        "select id_hash from sessions where expires_at <= ?", (cleaning.before(DAY_S),)
    ).fetchall()
    for batch in cleaning.batches(rows):
        with transaction(db):
            for (id_hash,) in batch:
                # One that was used at this very moment has another end now.
                if sessions.find_session(db, id_hash, cleaning.settings) is None:
                    sessions.end_session(db, id_hash)
                    cleaning.report.add("sessions ended")


def delete_what_expired(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    for what, query, age_s in EXPIRED:
        deleted = BATCH
        while deleted == BATCH:
            with transaction(db):
                deleted = db.execute(query, (cleaning.before(age_s), BATCH)).rowcount
            cleaning.report.add(what, deleted)
            cleaning.pause()


def forget_uploads(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    cleaning.report.add("uploads forgotten", resumable.discard_expired(db, cleaning.settings))


def index_for_search(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    """What was stored before there was an index; what comes indexes itself."""
    for transcript_id in indexing.transcripts_to_add(db):
        cleaning.report.add("transcripts indexed", indexing.add_transcript(db, transcript_id))
        cleaning.pause()
    while added := indexing.add_drafts(db):
        cleaning.report.add("drafts indexed", added)
        cleaning.pause()


def empty_bins(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    """What has lain there for its days is deleted for good, files and all."""
    for row in binned.due(db, cleaning.before(cleaning.settings.bin_days * DAY_S)):
        if binned.delete_binned(db, row):
            remove_files(cleaning.settings, row["id"])
            cleaning.report.add("projects in the bin deleted")
        cleaning.pause()


def delete_files(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    after_s = cleaning.settings.orphan_hours * 3600
    for found in orphans.files(db, cleaning.settings, cleaning.moment, after_s):
        freed = orphans.remove(found)
        if freed is not None:
            cleaning.report.freed_bytes += freed
            cleaning.report.add("folders deleted" if found.folder else "files deleted")
        if cleaning.stop.is_set():
            raise Stopped


Chore = Callable[[Cleaning, sqlite3.Connection], None]
CHORES: tuple[Chore, ...] = (
    fail_what_waits_in_vain,
    fail_what_is_silent,
    delete_ended_jobs,
    delete_transcripts,
    delete_checkpoints,
    tell_what_is_gone,
    trim_changes,
    end_sessions,
    delete_what_expired,
    forget_uploads,
    empty_bins,
    index_for_search,
    delete_files,
    delete_model_parts,
)
