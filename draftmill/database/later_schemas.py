"""Tables that came later. Never edited: migrations make of them what they are now."""

CONTENT_TYPES = """
create table content_types (
    type text primary key,
    position integer not null,
    is_on integer not null,
    is_every integer not null,
    facts text not null default '{}',
    updated_at text not null,
    deleted_at text
) without rowid;
create table content_prompts (
    type text not null references content_types (type) on delete cascade,
    n integer not null,
    text text not null,
    created_at text not null,
    primary key (type, n)
) without rowid;
create table style_examples (
    user_id integer not null references users (id) on delete cascade,
    type text not null,
    n integer not null,
    text text not null,
    updated_at text not null,
    primary key (user_id, type, n)
) without rowid;
alter table draft_versions add column prompt text not null default ''
"""

LOOKED_AT = """
create table looked_at (
    user_id integer not null references users (id) on delete cascade,
    project_id text not null references projects (id) on delete cascade,
    type text not null,
    hash text not null,
    at text not null,
    primary key (user_id, project_id, type, hash)
) without rowid;
create index looked_at_of_a_project on looked_at (project_id)
"""

# What a job wrote for one part of a draft, until somebody takes or drops it. `evidence` is
# JSON: for each of the texts as versions have it.
DRAFT_PARTS = """
create table draft_parts (
    id integer primary key autoincrement,
    job_id text not null unique references jobs (id) on delete cascade,
    project_id text not null references projects (id) on delete cascade,
    type text not null,
    part text not null,
    old text not null,
    wish text not null,
    texts text not null,
    evidence text not null default '[]',
    created_at text not null
);
create index parts_of_a_draft on draft_parts (project_id, type)
"""
