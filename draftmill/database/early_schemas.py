"""Tables that came after the first. Never edited: migrations make of them what they are now."""

TOKENS_AND_IDEMPOTENCY = """
create table api_tokens (
    id integer primary key autoincrement,
    user_id integer not null references users (id) on delete cascade,
    name text not null,
    token_hash text not null unique,
    created_at text not null,
    last_used_at text,
    unique (user_id, name)
);
create table idempotency (
    user_id integer not null references users (id) on delete cascade,
    key text not null,
    request_hash text not null,
    answer text not null,
    created_at text not null,
    primary key (user_id, key)
) without rowid;
create index idempotency_by_age on idempotency (created_at)
"""

RESUMABLE_UPLOADS = """
create table uploads (
    id text primary key,
    user_id integer not null references users (id) on delete cascade,
    file_name text not null,
    metadata text not null default '',
    length integer not null,
    synced_bytes integer not null default 0,
    sha256 text,
    project_id text references projects (id) on delete cascade,
    created_at text not null,
    expires_at text not null
) without rowid;
create index uploads_of_a_user on uploads (user_id);
create index uploads_by_expiry on uploads (expires_at);
create index uploads_by_project on uploads (project_id) where project_id is not null
"""

HISTORY_OF_JOBS = """
alter table jobs add column model text not null default '';
alter table jobs add column size real;
alter table jobs add column expected text not null default '{}';
alter table jobs add column counted_at text;
alter table jobs drop column estimated_s;
update jobs set model = v.model from draft_versions v where v.job_id = jobs.id;
update jobs set model = t.model, size = p.duration_s from projects p join transcripts t
    on t.project_id = p.id where jobs.project_id = p.id and p.source = 'media'
    and jobs.type = 'ingest' and jobs.status = 'succeeded'
    and t.completed_at between jobs.started_at and jobs.completed_at;
update jobs set size = (select sum(length(s.text)) from projects p join segments s
    on s.transcript_id = p.transcript_id where p.id = jobs.project_id)
    where size is null and status = 'succeeded' and n > (select max(n) from jobs) - 100;
create index jobs_as_history on jobs (type, model, n)
    where status = 'succeeded' and attempt = 1 and retry_of is null
"""
