"""The database, as numbered migrations. Old ones are never edited."""

from sqlite_utils import Database, Migrations

from draftmill.clock import now
from draftmill.database.desk_schema import DESK
from draftmill.database.early_schemas import (
    HISTORY_OF_JOBS,
    RESUMABLE_UPLOADS,
    TOKENS_AND_IDEMPOTENCY,
)
from draftmill.database.first_schema import FIRST_SCHEMA
from draftmill.database.later_schemas import (
    BIN,
    CHANNELS,
    CHOSEN_FRAMES,
    CONTENT_TYPES,
    DRAFT_PARTS,
    LOOKED_AT,
    SPEAKERS,
    TRANSCRIPT_CHANGES,
    VOICES,
)
from draftmill.database.list_schema import FOLDED_NAMES, LISTS_OF_PROJECTS
from draftmill.database.search_schema import SEARCH, TITLES, TITLES_OF_A_USER, WITHOUT_SEARCH

migrations = Migrations("draftmill")


@migrations(name="0001_first_schema")
def first_schema(db: Database) -> None:
    # executescript would commit the migration's transaction: one statement at a time.
    for statement in FIRST_SCHEMA.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
    db.table("projects").enable_fts(["title", "context", "file_name"], create_triggers=True)


@migrations(name="0002_indexes_of_references")
def indexes_of_references(db: Database) -> None:
    # Without them a deletion reads every row that could refer to what goes.
    for statement in (
        "create index notifications_of_a_job on notifications (job_id)",
        "create index versions_by_base on draft_versions (based_on) where based_on is not null",
        "create index drafts_by_version on drafts (version_id)",
        "create index projects_by_transcript on projects (transcript_id)",
    ):
        db.conn.execute(statement)


@migrations(name="0003_tokens_and_idempotency")
def tokens_and_idempotency(db: Database) -> None:
    for statement in TOKENS_AND_IDEMPOTENCY.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0004_runs_of_the_janitor")
def runs_of_the_janitor(db: Database) -> None:
    # `changes_version` was the newest change at that time: changes carried no time then.
    db.conn.execute(
        "create table janitor_runs (at text primary key, changes_version integer not null,"
        " report text not null) without rowid"
    )


@migrations(name="0005_resumable_uploads")
def resumable_uploads(db: Database) -> None:
    # The bytes lie in a file of their own (see uploads/resumable.py) until a project has taken them.
    for statement in RESUMABLE_UPLOADS.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0006_jobs_that_are_due")
def jobs_that_are_due(db: Database) -> None:
    # `waits` says that a job's ingest has not succeeded yet: what waits, or is delayed, is not
    # walked through to find the job that comes next, however much of it is stored.
    for statement in (
        "alter table jobs add column waits integer not null default 0",
        "update jobs set waits = 1 where status = 'pending' and after_job_id in"
        " (select id from jobs where status in ('pending', 'running'))",
        "drop index jobs_in_a_queue",
        "create index jobs_to_start on jobs (queue, n)"
        " where status = 'pending' and waits = 0 and run_after is null",
        "create index jobs_to_go_on on jobs (queue, run_after)"
        " where status = 'pending' and waits = 0 and run_after is not null",
        "create index jobs_by_delay on jobs (queue, delayed_at)"
        " where status = 'pending' and waits = 0 and delayed_at is not null",
    ):
        db.conn.execute(statement)


@migrations(name="0007_times_of_changes")
def times_of_changes(db: Database) -> None:
    # What was recorded before counts as of this moment: no tombstone goes too early.
    db.conn.execute("alter table changes add column at text not null default ''")
    db.conn.execute("update changes set at = ?", (now(),))
    db.conn.execute("alter table janitor_runs drop column changes_version")


@migrations(name="0008_tracks_of_windows")
def tracks_of_windows(db: Database) -> None:
    # A recording may have a track for each person: a window is cut from one of them.
    db.conn.execute("alter table windows add column track integer not null default 0")


@migrations(name="0009_text_as_it_was_heard")
def text_as_it_was_heard(db: Database) -> None:
    # What stood there before the first correction, as JSON: null where nothing was corrected.
    db.conn.execute("alter table segments add column heard text")
    db.conn.execute("alter table chapters add column heard text")


@migrations(name="0010_lists_of_jobs")
def lists_of_jobs(db: Database) -> None:
    # A page of a user's jobs of a status, a type, or both, without walking through the others.
    for statement in (
        "create index jobs_of_a_user_by_status on jobs (user_id, status, n)",
        "create index jobs_of_a_user_by_type on jobs (user_id, type, n)",
        "create index jobs_of_a_user_by_both on jobs (user_id, type, status, n)",
    ):
        db.conn.execute(statement)


@migrations(name="0011_history_of_jobs")
def history_of_jobs(db: Database) -> None:
    # `expected` is JSON: what each stage of such a job usually takes, and how much that varies.
    # What was done before tells how long it takes from now on: of the newest jobs also their size.
    for statement in HISTORY_OF_JOBS.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0012_notifications_to_show")
def notifications_to_show(db: Database) -> None:
    # Nothing showed them before: what is old news by now is not told all at once.
    for statement in (
        "update notifications set shown_at = created_at, read_at = created_at",
        "create index notifications_to_show on notifications (user_id) where shown_at is null",
        "create index notifications_to_read on notifications (user_id) where read_at is null",
    ):
        db.conn.execute(statement)


@migrations(name="0013_cleared_jobs")
def cleared_jobs(db: Database) -> None:
    # What was cleared from the list stays a row. The list reads no more of these than it shows,
    # and a search looks into one project after the other (see projects/job_list.py).
    for statement in (
        "alter table jobs add column cleared_at text",
        "create index jobs_listed on jobs (user_id, status, n) where cleared_at is null",
        "create index jobs_listed_by_type on jobs (user_id, type, status, n)"
        " where cleared_at is null",
        "create index jobs_listed_of_a_project on jobs (project_id, status, n)"
        " where cleared_at is null",
    ):
        db.conn.execute(statement)


@migrations(name="0014_ends_of_jobs")
def ends_of_jobs(db: Database) -> None:
    # A user's last job puts off the end of what idleness ends (see accounts/sessions.py).
    db.conn.execute(
        "create index jobs_of_a_user_by_end on jobs (user_id, completed_at)"
        " where completed_at is not null"
    )


@migrations(name="0015_channels")
def channels(db: Database) -> None:
    # `aside` marks what its user wants to be told elsewhere only: no page shows it.
    for statement in CHANNELS.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0016_settings")
def settings(db: Database) -> None:
    # What the owner chose in the pages, by the names of settings (see choices/stored.py).
    db.conn.execute(
        "create table settings (key text primary key, value text not null,"
        " updated_at text not null) without rowid"
    )


@migrations(name="0017_paces_of_models")
def paces_of_models(db: Database) -> None:
    # Tokens that a model of this machine read and wrote lately, and the seconds that it took.
    db.conn.execute(
        "create table model_paces (model text primary key, read real not null,"
        " read_s real not null, wrote real not null, wrote_s real not null,"
        " measured_at text not null) without rowid"
    )


@migrations(name="0019_content_types")
def content_types(db: Database) -> None:
    # A row only where the owner changed something of a type; `facts` is JSON, "{}" for those whose
    # form is the program's. A version says which prompt it was made with, "" for none of these.
    for statement in CONTENT_TYPES.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0017_projects_that_hold_models")
def projects_that_hold_models(db: Database) -> None:
    # A job belongs to a project. One that brings a model belongs to one that no list of projects
    # shows: `holds` says what it is there for, "" for what a person brought.
    db.conn.execute("alter table projects add column holds text not null default ''")


@migrations(name="0020_looked_at")
def looked_at(db: Database) -> None:
    # Which doubtful paragraphs a person has looked at, by the hash of their text.
    for statement in LOOKED_AT.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0021_draft_parts")
def draft_parts(db: Database) -> None:
    for statement in DRAFT_PARTS.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0022_transcript_changes")
def transcript_changes(db: Database) -> None:
    # What a person changed of a transcript, and what a user's names and terms are.
    for statement in TRANSCRIPT_CHANGES.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0025_bin")
def bin_of_projects(db: Database) -> None:
    # When a project was put into the bin, null for those that are not in it.
    for statement in BIN.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0026_search")
def search(db: Database) -> None:
    # Quick however much is stored: what is there already is indexed by the janitor.
    for statement in SEARCH:
        db.conn.execute(statement)


@migrations(name="0023_speakers")
def speakers(db: Database) -> None:
    # A speaker of an older transcript becomes a row with the first change of it.
    for statement in SPEAKERS.split(";\n"):
        db.conn.execute(statement)


@migrations(name="0024_chapters")
def chapters(db: Database) -> None:
    # Who made the chapters of a transcript: "person" once one of them was changed by hand.
    db.conn.execute("alter table transcripts add column chapters_by text not null default ''")


@migrations(name="0027_titles_and_languages")
def titles_and_languages(db: Database) -> None:
    # `title_before`: what a project was called before its talk named it, null while it has not,
    # "" once that was taken back. `draft_language`: a code, "" for the user's own choice, and of
    # that "" for the language of each recording.
    db.conn.execute("alter table projects add column title_before text")
    db.conn.execute("alter table projects add column draft_language text not null default ''")
    db.conn.execute(
        "create table draft_languages (user_id integer primary key references users (id)"
        " on delete cascade, code text not null)"
    )


@migrations(name="0028_chosen_frames")
def chosen_frames(db: Database) -> None:
    # Which screenshots a person chose from the recording: a new search for pictures leaves them.
    db.conn.execute(CHOSEN_FRAMES)


@migrations(name="0026_lists_of_projects")
def lists_of_projects(db: Database) -> None:
    # Each order of the list is that of an index, and how many there are is counted beforehand.
    for statement in LISTS_OF_PROJECTS:
        db.conn.execute(statement)


@migrations(name="0029_voices")
def voices(db: Database) -> None:
    # How many people speak, as transcripts/how_many.py tells it: "" where nobody asked for it.
    db.conn.execute("alter table projects add column voices text not null default ''")
    db.conn.execute(VOICES)


@migrations(name="0031_desk")
def desk(db: Database) -> None:
    # Edits that a new transcription could not keep are shown, and suggestions can be dismissed.
    for statement in DESK:
        db.conn.execute(statement)


@migrations(name="0032_search_of_every_script")
def search_of_every_script(db: Database) -> None:
    # The indexes hold letters of scripts without spaces one by one, and no marks of Markdown. What
    # is there already is indexed anew by the janitor, the titles at once.
    for statement in (*WITHOUT_SEARCH, *SEARCH, *TITLES):
        db.conn.execute(statement)


@migrations(name="0033_held_for_memory")
def held_for_memory(db: Database) -> None:
    # Since when a pending job waits for memory that another one has, null for any other.
    db.conn.execute("alter table jobs add column held_at text")


@migrations(name="0034_titles_of_a_user")
def titles_of_a_user(db: Database) -> None:
    # The titles of a user are one range of their index, as sentences and drafts are.
    for statement in TITLES_OF_A_USER:
        db.conn.execute(statement)


@migrations(name="0035_folded_names")
def folded_names(db: Database) -> None:
    # Who speaks in a transcript, and titles, without case and accents: to find and to sort them.
    for statement in FOLDED_NAMES:
        db.conn.execute(statement)


@migrations(name="0036_declined_offers")
def declined_offers(db: Database) -> None:
    # When a person kept their own instead, or took the part: it is offered no more, and can be again.
    db.conn.execute("alter table draft_parts add column settled_at text")
    db.conn.execute("alter table draft_versions add column declined_at text")


@migrations(name="0037_doubted_news")
def doubted_news(db: Database) -> None:
    # When news were told to pages of which none has answered yet, null once one has.
    db.conn.execute("alter table notifications add column doubted_at text")
    db.conn.execute(
        "create index notifications_doubted on notifications (doubted_at)"
        " where doubted_at is not null"
    )


@migrations(name="0038_fullest_texts")
def fullest_texts(db: Database) -> None:
    # The longest text of a person's editing spell, null while that is the present one.
    db.conn.execute("alter table draft_versions add column fullest text")


@migrations(name="0039_gone_words")
def gone_words(db: Database) -> None:
    # How many words vanished in a person's editing spell before its text was the longest.
    db.conn.execute("alter table draft_versions add column gone integer not null default 0")


@migrations(name="0040_search_without_strokes_and_points")
def search_without_strokes_and_points(db: Database) -> None:
    # "Lodz" finds Łódź, a word of Hebrew or Arabic is found with and without its points, and one of
    # Hindi is whole. What is there already is indexed anew by the janitor, the titles at once.
    for statement in (*WITHOUT_SEARCH, *SEARCH, *TITLES_OF_A_USER):
        db.conn.execute(statement)
