"""What a person wrote and no sentence has, what they want suggested no more, and what is suggested."""

# `settled_at`: when a person dropped it; `change_id`: the change of the transcript that put it
# somewhere, which can be undone. `state` of `near_spellings` is that of transcripts/near_spellings.py.
DESK = (
    """
create table left_edits (
    id integer primary key autoincrement,
    project_id text not null references projects (id) on delete cascade,
    start_s real not null,
    end_s real not null,
    heard text not null,
    written text not null,
    at text not null,
    settled_at text,
    change_id integer
)""",
    "create index left_edits_of_a_project on left_edits (project_id, start_s)",
    """
create table dismissed_suggestions (
    project_id text not null references projects (id) on delete cascade,
    heard text not null,
    meant text not null,
    at text not null,
    primary key (project_id, heard, meant)
) without rowid""",
    """
create table near_spellings (
    transcript_id integer primary key references transcripts (id) on delete cascade,
    state text not null
)""",
)
