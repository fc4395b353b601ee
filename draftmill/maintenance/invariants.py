"""What must be true after every fault. Each broken rule is one sentence for a person."""

import sqlite3
import time

from draftmill.clock import now
from draftmill.database.connection import snapshot
from draftmill.jobs.policies import INGEST
from draftmill.maintenance import orphans, stuck
from draftmill.settings import Settings

MOST_EACH = 50  # sentences of one rule

# A line of a job's log that tells its end.
ENDING = "(level = 'error' or message = 'Done' or message like 'Cancelled%' or message like 'Not written, %')"

OUT_OF_BIN = "project_id not in (select id from projects where binned_at is not null)"

RULES: tuple[tuple[str, str], ...] = (
    # One end, and all that belongs to it.
    (
        "select id, type, status from jobs where (completed_at is not null)"
        " != (status in ('succeeded', 'failed', 'cancelled'))",
        "Job {id} ({type}) is {status}, but the time of its end says otherwise.",
    ),
    (
        "select id, type, status, (select count(*) from job_logs l where l.job_id = jobs.id"
        f" and {ENDING}) as lines from jobs"
        " where lines != (status in ('succeeded', 'failed', 'cancelled'))",
        "Job {id} ({type}) is {status}, and its log tells of {lines} ends.",
    ),
    (
        "select id, type from jobs where status = 'failed' and (coalesce(error_code, '') = ''"
        " or coalesce(error_message, '') = '' or coalesce(error_hint, '') = '')",
        "Job {id} ({type}) failed without saying why or what to do.",
    ),
    (
        "select job_id, kind, count(*) as times from notifications where job_id is not null"
        " group by job_id, kind having times > 1",
        "The user was told {times} times that job {job_id} {kind}.",
    ),
    # No second copy.
    (
        "select project_id, type, count(*) as many from jobs where status in ('pending', 'running')"
        " group by project_id, type having many > 1",
        "Project {project_id} has {many} active jobs of the type {type}.",
    ),
    (
        "select job_id, count(*) as many from draft_versions where job_id is not null"
        " group by job_id having many > 1",
        "Job {job_id} wrote {many} versions of its draft.",
    ),
    (
        "select project_id, type, n, count(*) as many from draft_versions"
        " group by project_id, type, n having many > 1",
        "The draft {type} of project {project_id} has {many} versions {n}.",
    ),
    # The bin.
    (
        "select j.id, j.type from projects p join jobs j on j.project_id = p.id"
        " where p.binned_at is not null and j.cancel_requested_at is null"
        " and j.status in ('pending', 'running')",
        "Job {id} ({type}) is active, and its project is in the bin.",
    ),
    (
        "select u.id, coalesce(c.listed, 0) as counted, (select count(*) from projects p where"
        " p.user_id = u.id and p.holds = '' and p.binned_at is null) as many from users u"
        " left join project_counts c on c.user_id = u.id where counted != many",
        "User {id} has {many} projects in the list, and they are counted as {counted}.",
    ),
    (
        "select transcript_id as id, name as speaker from spoken_names s where not exists (select 1"
        " from segments where transcript_id = s.transcript_id and speaker = s.name and name != '')"
        " union select transcript_id, speaker from (select distinct transcript_id, speaker from"
        " segments where speaker != '') s where not exists (select 1 from spoken_names where"
        " transcript_id = s.transcript_id and name = s.speaker)",
        "The list of projects is wrong about “{speaker}” in transcript {id}.",
    ),
    # The index of the search.
    (
        "select (select count(*) from sentences_fts_docsize) as indexed, (select count(*)"
        " from search_places join segments using (transcript_id)) as sentences"
        " where indexed != sentences",
        "The index of the search has {indexed} sentences, and the transcripts in it {sentences}.",
    ),
    (
        "select transcript_id as id from search_places"
        " where transcript_id not in (select id from transcripts)",
        "The search has a place for transcript {id}, which is gone.",
    ),
    (
        "select t.project_id, t.type from draft_texts t left join drafts d"
        " using (project_id, type) left join draft_versions v on v.id = d.version_id"
        " where d.version_id is not t.version_id or v.title is not t.title"
        " or search_draft(v.body, v.fields) is not t.body",
        "The search has another text of the draft {type} of project {project_id}.",
    ),
    # What points somewhere else.
    (
        "select j.id, j.type from jobs j join projects p on p.id = j.project_id"
        " where p.user_id != j.user_id",
        "Job {id} ({type}) belongs to another user than its project.",
    ),
    (
        "select j.id, j.type, o.id as other from jobs j"
        " join jobs o on o.id in (j.after_job_id, j.retry_of) where o.project_id != j.project_id",
        "Job {id} ({type}) refers to job {other} of another project.",
    ),
    (
        "select j.id, j.type, o.id as other from jobs j join jobs o on o.id = j.retry_of"
        " where o.type != j.type or o.origin_id != j.origin_id",
        "Job {id} ({type}) retries job {other}, which is not of its kind.",
    ),
    (
        "select j.id, j.type from jobs j where j.status = 'succeeded' and j.type != :ingest"
        " and j.result_ref is not null"
        " and not exists (select 1 from draft_versions v where v.job_id = j.id)",
        "Job {id} ({type}) succeeded, but the draft that it wrote is not there.",
    ),
    (
        "select d.project_id, d.type from drafts d left join draft_versions v"
        " on v.id = d.version_id and v.project_id = d.project_id and v.type = d.type"
        " where v.id is null",
        "The draft {type} of project {project_id} shows no version of its own.",
    ),
    (
        "select distinct v.project_id, v.type from draft_versions v where not exists"
        " (select 1 from drafts d where d.project_id = v.project_id and d.type = v.type)",
        "The versions of {type} in project {project_id} have no draft that shows one.",
    ),
    # Transcripts.
    (
        "select p.id, t.id as transcript from projects p left join transcripts t"
        " on t.id = p.transcript_id where p.transcript_id is not null"
        " and (t.project_id is not p.id or t.completed_at is null)",
        "Project {id} shows transcript {transcript}, which is not complete or not its own.",
    ),
    (
        "select t.id, count(*) as open from transcripts t join windows w on w.transcript_id = t.id"
        " where t.completed_at is not null and w.completed_at is null group by t.id",
        "Transcript {id} is complete, but {open} of its windows are not.",
    ),
    (
        "select transcript_id as id, max(n) + 1 as last, count(*) as many from windows"
        " group by transcript_id having last != many",
        "Transcript {id} has {many} windows, numbered up to {last}.",
    ),
    (
        "select distinct s.transcript_id as id, s.window from segments s"
        " left join windows w on w.transcript_id = s.transcript_id and w.n = s.window"
        " join transcripts t on t.id = s.transcript_id"
        " where w.completed_at is null and t.params_hash != 'brought'",
        "Transcript {id} has sentences of window {window}, which is not finished.",
    ),
    # Changes: a row for each object.
    (
        f"select 'job' as kind, id from jobs where {OUT_OF_BIN} and not exists"
        " (select 1 from changes where kind = 'job' and object_id = jobs.id and not deleted)"
        " union all select 'project', id from projects where binned_at is null and not exists"
        " (select 1 from changes where kind = 'project' and object_id = projects.id and not deleted)"
        f" union all select 'draft', project_id || '/' || type from drafts where {OUT_OF_BIN}"
        " and not exists (select 1 from changes where kind = 'draft'"
        "  and object_id = project_id || '/' || type and not deleted)",
        "The {kind} {id} is missing among the changes.",
    ),
    (
        "select n, (select max(version) from changes) as newest from counters"
        " where name = 'changes' and n < newest",
        "The counter of changes stands at {n}, and the newest change is {newest}.",
    ),
)


def broken(
    db: sqlite3.Connection,
    settings: Settings,
    *,
    at_rest: bool = False,
    consumers_live: bool = False,
    orphans_after_s: float = orphans.ORPHANS_AFTER_S,
) -> list[str]:
    """Every rule that does not hold, one sentence each; empty when all is well.

    `at_rest` says that nothing is at work: a running row is broken then. Else it is fine, because
    a consumer lives or takes it up when it starts; with `consumers_live` it must also have been
    heard of. Files and rows that nobody needs count as orphans after `orphans_after_s` seconds.
    The rows are seen as of one moment; with a short time for orphans, what is being tidied right
    now may still be found.
    """
    found = [f"The database is damaged: {line}." for line in _damage(db)]
    if found:
        return found
    with snapshot(db):
        for query, sentence in RULES:
            found += _told(db, query, sentence, {"ingest": INGEST})
        found += _stuck(db, settings, at_rest, consumers_live)
        found += _orphan_rows(db, orphans_after_s)
    found += [
        f"The file {name} is named by a row, and missing." for name in orphans.missing(db, settings)
    ]
    found += _orphan_files(db, settings, orphans_after_s)
    return found


def _damage(db: sqlite3.Connection) -> list[str]:
    try:
        lines = [row[0] for row in db.execute("pragma integrity_check").fetchall()]
        if lines != ["ok"]:
            return lines[:MOST_EACH]
        return [
            f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there"
            for row in db.execute("pragma foreign_key_check").fetchmany(MOST_EACH)
        ]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _told(
    db: sqlite3.Connection, query: str, sentence: str, values: dict[str, object]
) -> list[str]:
    rows = db.execute(query, values).fetchall()
    told = [sentence.format(**dict(row)) for row in rows[:MOST_EACH]]
    if len(rows) > MOST_EACH:
        told.append(f"… and {len(rows) - MOST_EACH} more like this.")
    return told


def _stuck(
    db: sqlite3.Connection, settings: Settings, at_rest: bool, consumers_live: bool
) -> list[str]:
    told = [
        f"Job {row['id']} ({row['type']}) will never start: {row['reason']}."
        for row in stuck.in_vain(db)
    ]
    if at_rest:
        query = "select id, type, attempt from jobs where status = 'running'"
        return told + _told(
            db, query, "Job {id} ({type}) runs (attempt {attempt}), and nobody is at work.", {}
        )
    if not consumers_live:
        return told
    return told + [
        f"Job {row['id']} ({row['type']}) runs (attempt {row['attempt']}), and nothing was heard"
        f" of it since {row['updated_at']}."
        for row in stuck.unheard(db, now(-stuck.unheard_after_s(settings)))
    ]


def _orphan_rows(db: sqlite3.Connection, after_s: float) -> list[str]:
    told = [
        f"The checkpoints of job {row['origin_id']} are needed by nobody."
        for row in orphans.checkpoints(db, now(-after_s))
    ]
    return told + [
        f"The {row['kind']} {row['object_id']} is gone, and its change does not say so."
        for row in orphans.changes(db, now(-after_s))
    ]


def _orphan_files(db: sqlite3.Connection, settings: Settings, after_s: float) -> list[str]:
    told, parents = [], set()
    for orphan in orphans.files(db, settings, time.time(), after_s):
        if orphan.path not in parents:
            kind = "folder" if orphan.folder else "file"
            told.append(f"The {kind} {orphan.path.relative_to(settings.data)} is needed by nobody.")
        parents |= {orphan.path, *orphan.path.parents}
    return told
