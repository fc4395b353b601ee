"""The orders and the count of the list of projects: of what is not in the bin and holds no model."""

_LISTED = "holds = '' and binned_at is null"


def _kept(row: str, step: str) -> str:
    return f"""
insert into project_counts (user_id, listed) select {row}.user_id, 0 where true
  on conflict (user_id) do nothing;
update project_counts set listed = listed {step} where user_id = {row}.user_id;"""


def _when(row: str) -> str:
    return f"({row}.holds = '' and {row}.binned_at is null)"


LISTS_OF_PROJECTS = (
    f"create index projects_by_date on projects (user_id, created_at, n) where {_LISTED}",
    f"create index projects_by_title on projects (user_id, title collate nocase, n) where {_LISTED}",
    f"create index projects_by_length on projects (user_id, duration_s, n) where {_LISTED}",
    "create index segments_by_speaker on segments (transcript_id, speaker collate nocase)"
    " where speaker != ''",
    "create table project_counts (user_id integer primary key, listed integer not null)",
    "insert into project_counts select user_id, count(*) from projects"
    f" where {_LISTED} group by user_id",
    f"create trigger count_a_project after insert on projects when {_when('new')}"
    f" begin {_kept('new', '+ 1')} end",
    f"create trigger count_no_project after delete on projects when {_when('old')}"
    f" begin {_kept('old', '- 1')} end",
    "create trigger count_another_project after update of user_id, holds, binned_at on projects"
    f" begin {_kept('old', '- ' + _when('old'))} {_kept('new', '+ ' + _when('new'))} end",
)
