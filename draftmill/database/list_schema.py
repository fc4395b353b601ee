"""The orders, the count and the speakers of the list of projects: of what is not in the bin and holds no model."""

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


_NAME = "insert or ignore into spoken_names"
_NO_NAME = """
delete from spoken_names where transcript_id = old.transcript_id and name = old.speaker
  and not exists (select 1 from segments indexed by segments_by_speaker
    where transcript_id = old.transcript_id and speaker = old.speaker and speaker != '');"""
_NEW_NAME = f"""
{_NAME} select new.transcript_id, new.speaker, search_name(new.speaker) where new.speaker != '';"""
_TITLE = "update projects set title_folded = search_name(new.title) where n = new.n;"

FOLDED_NAMES = (
    "alter table projects add column title_folded text not null default ''",
    "update projects set title_folded = search_name(title)",
    "drop index projects_by_title",
    f"create index projects_by_title on projects (user_id, title_folded, n) where {_LISTED}",
    f"create trigger fold_a_title after insert on projects begin {_TITLE} end",
    f"create trigger fold_another_title after update of title on projects begin {_TITLE} end",
    "drop index segments_by_speaker",
    "create index segments_by_speaker on segments (transcript_id, speaker) where speaker != ''",
    """create table spoken_names (
    transcript_id integer not null references transcripts (id) on delete cascade,
    name text not null,
    folded text not null,
    primary key (transcript_id, name)
) without rowid""",
    f"""{_NAME} select transcript_id, speaker, search_name(speaker) from
  (select distinct transcript_id, speaker from segments where speaker != '')""",
    f"create trigger name_a_speaker after insert on segments begin {_NEW_NAME} end",
    f"create trigger name_no_speaker after delete on segments begin {_NO_NAME} end",
    f"""create trigger name_another_speaker after update of transcript_id, speaker on segments
when (old.transcript_id, old.speaker) is not (new.transcript_id, new.speaker)
begin {_NO_NAME} {_NEW_NAME} end""",
)
