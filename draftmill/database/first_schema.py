"""The tables as they were at first. Never edited: migrations make of them what they are now."""

FIRST_SCHEMA = """
create table users (
    id integer primary key,
    email text not null unique collate nocase,
    name text not null default '',
    password_hash text not null,
    role text not null check (role in ('owner', 'user')),
    preferences text not null default '{}',
    created_at text not null
);
create table login_attempts (
    account text not null,
    address text not null,
    at text not null
);
create index login_attempts_by_account on login_attempts (account, at);
create index login_attempts_by_address on login_attempts (address, at);
create table sessions (
    id_hash text primary key,
    user_id integer not null references users (id) on delete cascade,
    created_at text not null,
    last_seen_at text not null,
    expires_at text not null,
    user_agent text not null default ''
) without rowid;
create index sessions_by_user on sessions (user_id);
create table setup_tokens (
    id_hash text primary key,
    expires_at text not null
) without rowid;
create table projects (
    n integer primary key,
    id text not null unique,
    user_id integer not null references users (id) on delete cascade,
    title text not null,
    title_by text not null default 'file' check (title_by in ('file', 'person')),
    context text not null default '',
    source text not null check (source in ('media', 'transcript')),
    file_name text not null default '',
    file text,
    media_type text not null default '',
    bytes integer not null default 0,
    sha256 text not null,
    duration_s real,
    width integer,
    height integer,
    language text not null default '',
    transcript_id integer references transcripts (id) on delete set null,
    screenshots_at text,
    created_at text not null,
    unique (user_id, sha256)
);
create index projects_by_user on projects (user_id, n);
create table transcripts (
    id integer primary key,
    project_id text not null references projects (id) on delete cascade,
    params_hash text not null,
    model text not null,
    language text not null default '',
    revision integer not null default 0,
    windows_cut_at text,
    warnings text not null default '[]',
    chapters_at text,
    created_at text not null,
    completed_at text
);
create index transcripts_by_project on transcripts (project_id);
create table windows (
    transcript_id integer not null references transcripts (id) on delete cascade,
    n integer not null,
    start_s real not null,
    end_s real not null,
    facts text not null default '{}',
    completed_at text,
    primary key (transcript_id, n)
) without rowid;
create table segments (
    transcript_id integer not null references transcripts (id) on delete cascade,
    window integer not null,
    n integer not null,
    start_s real not null,
    end_s real not null,
    text text not null,
    speaker text not null default '',
    flags text not null default '',
    words text not null default '[]',
    primary key (transcript_id, window, n)
) without rowid;
create table corrections (
    id integer primary key,
    project_id text not null references projects (id) on delete cascade,
    heard text not null,
    meant text not null,
    created_at text not null,
    unique (project_id, heard)
);
create table screenshots (
    project_id text not null references projects (id) on delete cascade,
    n integer not null,
    time_s real not null,
    end_s real not null,
    file text not null,
    width integer not null,
    height integer not null,
    primary key (project_id, n)
) without rowid;
create table chapters (
    transcript_id integer not null references transcripts (id) on delete cascade,
    n integer not null,
    start_s real not null,
    end_s real not null,
    title text not null,
    summary text not null default '',
    primary key (transcript_id, n)
) without rowid;
create table jobs (
    n integer primary key,
    id text not null unique,
    project_id text not null references projects (id) on delete cascade,
    user_id integer not null references users (id) on delete cascade,
    type text not null,
    queue text not null,
    status text not null default 'pending'
        check (status in ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
    stage text not null default '',
    done real not null default 0,
    total real,
    unit text not null default '',
    message text not null default '',
    step integer not null default 0,
    steps integer not null default 1,
    attempt integer not null default 0,
    retries integer not null default 0,
    crashes integer not null default 0,
    crashes_in_a_row integer not null default 0,
    run_after text,
    delayed_at text,
    after_job_id text references jobs (id) on delete set null,
    origin_id text not null,
    retry_of text unique references jobs (id) on delete set null,
    parameters text not null default '{}',
    result_ref text,
    warnings text not null default '[]',
    cancel_requested_at text,
    error_code text,
    error_message text,
    error_hint text,
    error_id text,
    estimated_s real,
    ran_s real not null default 0,
    created_at text not null,
    updated_at text not null,
    started_at text,
    progressed_at text,
    stage_started_at text,
    stage_from real not null default 0,
    stage_times text not null default '{}',
    skipped text not null default '[]',
    completed_at text
);
create unique index one_active_job_of_a_type on jobs (project_id, type)
    where status in ('pending', 'running');
create index jobs_of_a_project on jobs (project_id, type, n);
create index jobs_of_a_user on jobs (user_id, n);
create index jobs_in_a_queue on jobs (queue, n) where status = 'pending';
create index jobs_at_work on jobs (queue) where status = 'running';
create index jobs_that_wait on jobs (after_job_id) where after_job_id is not null;
create table job_logs (
    id integer primary key,
    job_id text not null references jobs (id) on delete cascade,
    attempt integer not null,
    level text not null,
    message text not null,
    at text not null
);
create index logs_of_a_job on job_logs (job_id, id);
create table checkpoints (
    origin_id text not null,
    stage text not null,
    input_hash text not null,
    state text not null,
    created_at text not null,
    primary key (origin_id, stage, input_hash)
) without rowid;
create table drafts (
    project_id text not null references projects (id) on delete cascade,
    type text not null,
    version_id integer references draft_versions (id) on delete set null,
    primary key (project_id, type)
) without rowid;
create table draft_versions (
    id integer primary key,
    project_id text not null references projects (id) on delete cascade,
    type text not null,
    n integer not null,
    based_on integer references draft_versions (id) on delete set null,
    author text not null check (author in ('writer', 'person')),
    job_id text unique references jobs (id) on delete set null,
    title text not null default '',
    body text not null,
    fields text not null default '{}',
    evidence text not null default '{}',
    model text not null default '',
    created_at text not null,
    updated_at text not null,
    unique (project_id, type, n)
);
create table changes (
    kind text not null,
    object_id text not null,
    user_id integer not null,
    version integer not null,
    deleted integer not null default 0,
    primary key (kind, object_id)
) without rowid;
create unique index changes_by_version on changes (version);
create table counters (
    name text primary key,
    n integer not null
) without rowid;
insert into counters (name, n) values ('changes', 0);
create table notifications (
    id integer primary key,
    user_id integer not null references users (id) on delete cascade,
    job_id text references jobs (id) on delete cascade,
    kind text not null,
    shown_at text,
    read_at text,
    created_at text not null
);
create index notifications_of_a_user on notifications (user_id, id)
"""
