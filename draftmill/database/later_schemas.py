"""Tables that came later. Never edited: migrations make of them what they are now."""

# A sending is one notification on its way to one channel, a delivery one try of it, or of a test.
CHANNELS = """
alter table notifications add column aside integer not null default 0;
create table channels (
    id integer primary key autoincrement,
    user_id integer not null references users (id) on delete cascade,
    kind text not null,
    name text not null,
    address text not null,
    signing_key text not null default '',
    created_at text not null,
    unique (user_id, name)
);
create table sendings (
    id integer primary key autoincrement,
    notification_id integer not null references notifications (id) on delete cascade,
    channel_id integer not null references channels (id) on delete cascade,
    user_id integer not null references users (id) on delete cascade,
    status text not null default 'pending'
        check (status in ('pending', 'sending', 'sent', 'failed', 'spared')),
    only_away integer not null default 0,
    attempt integer not null default 0,
    run_after text not null,
    delayed_at text not null,
    created_at text not null,
    ended_at text,
    unique (notification_id, channel_id)
);
create index sendings_to_start on sendings (run_after) where status = 'pending';
create index sendings_by_delay on sendings (delayed_at) where status = 'pending';
create index sendings_at_work on sendings (user_id) where status = 'sending';
create index sendings_of_a_user on sendings (user_id);
create index sendings_of_a_channel on sendings (channel_id);
create table deliveries (
    id integer primary key autoincrement,
    channel_id integer not null references channels (id) on delete cascade,
    sending_id integer references sendings (id) on delete set null,
    about text not null,
    outcome text not null check (outcome in ('sent', 'later', 'failed')),
    message text not null default '',
    hint text not null default '',
    answer text not null default '',
    took_s real not null default 0,
    at text not null
);
create index deliveries_of_a_channel on deliveries (channel_id, id);
create index deliveries_of_a_sending on deliveries (sending_id);
create index deliveries_by_age on deliveries (at)
"""

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

# `edited` is JSON, a sentence's text and words as a person wrote them, and when: null where nobody
# did. A sentence last changed with the revision `changed_in`, and with the first of its transcript,
# which goes on counting where the project's transcript before it had got to.
# `was` and `became` are JSON too, in the words of the change's kind (see transcripts/undoing.py).
TRANSCRIPT_CHANGES = """
alter table segments add column edited text;
alter table segments add column changed_in integer not null default 0;
alter table transcripts add column first_revision integer not null default 0;
create table transcript_changes (
    id integer primary key autoincrement,
    project_id text not null references projects (id) on delete cascade,
    transcript_id integer not null references transcripts (id) on delete cascade,
    revision integer not null,
    kind text not null,
    was text not null,
    became text not null,
    at text not null,
    undone_at text
);
create index changes_of_a_project on transcript_changes (project_id, id);
create index changes_of_a_transcript on transcript_changes (transcript_id, id);
create table vocabulary (
    user_id integer not null references users (id) on delete cascade,
    key text not null,
    term text not null,
    added_at text not null,
    primary key (user_id, key)
) without rowid
"""

BIN = """
alter table projects add column binned_at text;
create index projects_in_bin on projects (user_id, binned_at) where binned_at is not null;
create index projects_by_bin on projects (binned_at) where binned_at is not null
"""

# A speaker's `label` is what the recording or the transcript calls them, "" for one whom a person
# named; `name` is what they are called now. A sentence's `voice` is the label under which it came,
# null where nobody changed who speaks.
SPEAKERS = """
create table speakers (
    transcript_id integer not null references transcripts (id) on delete cascade,
    n integer not null,
    label text not null,
    name text not null,
    source text not null check (source in ('label', 'track', 'voice', 'person')),
    primary key (transcript_id, n)
) without rowid;
alter table segments add column voice text
"""

CHOSEN_FRAMES = """
create table chosen_frames (
    project_id text not null references projects (id) on delete cascade,
    second integer not null,
    n integer not null,
    at text not null,
    primary key (project_id, second)
) without rowid
"""

# How the voices of a recording sound, minute by minute, so that they can be told apart again at
# once: made by `made_by`, up to `end_s`, of which the last one is the recording's end.
VOICES = """
create table voice_windows (
    project_id text not null references projects (id) on delete cascade,
    n integer not null,
    made_by text not null,
    end_s real not null,
    is_last integer not null,
    windows blob not null,
    unique (project_id, n)
)
"""
