"""The indexes of the search, kept by triggers in the transaction of whatever changes a text.

The number of a sentence in its index is made of its user, its transcript and its place there, so
that a user's are one range of an index: nobody's search walks through what others have. Those of
titles and drafts begin with their user too. Which transcripts are indexed stands in `search_places`; what was
there before the index is added later, piece by piece (see search/indexing.py).
"""

import re

WORDS = "prefix = '2 3 4 5', tokenize = 'unicode61 remove_diacritics 2'"
USER_BITS, TRANSCRIPT_BITS, WINDOW_BITS = 47, 25, 12
FIRST = f"(user_id << {USER_BITS})"

NUMBER = f"first + ({{row}}.window << {WINDOW_BITS}) + {{row}}.n"
PLACE = "from search_places where transcript_id = {row}.transcript_id"
ADD = f"""
insert into sentences_fts (rowid, text)
  select {NUMBER.format(row="new")}, search_text(new.text) {PLACE.format(row="new")};"""
DROP = f"""
insert into sentences_fts (sentences_fts, rowid, text)
  select 'delete', {NUMBER.format(row="old")}, search_text(old.text) {PLACE.format(row="old")};"""

BODY = "search_draft(v.body, v.fields)"
NEXT = f"""(select coalesce(max(id), p.user_id << {USER_BITS}) + 1 from draft_texts
  where id >= p.user_id << {USER_BITS} and id < (p.user_id + 1) << {USER_BITS})"""
SHOWN = f"""
insert into draft_texts (id, project_id, type, version_id, title, body)
  select {NEXT}, v.project_id, v.type, v.id, v.title, {BODY}
  from draft_versions v join projects p on p.id = v.project_id where v.id = {{version}}"""
HIDDEN = "delete from draft_texts where project_id = old.project_id and type = old.type;"

SEARCH = (
    "create table search_places (transcript_id integer primary key, first integer not null)",
    f"create virtual table sentences_fts using fts5 (text, content = '', {WORDS})",
    f"""create trigger search_a_transcript after insert on transcripts begin
insert or replace into search_places
  select new.id, {FIRST} + (new.id << {TRANSCRIPT_BITS}) from projects where id = new.project_id;
end""",
    """create trigger search_no_transcript after delete on transcripts begin
delete from search_places where transcript_id = old.id;
end""",
    f"create trigger search_a_sentence after insert on segments begin {ADD} end",
    f"""create trigger search_another_sentence after update of transcript_id, window, n, text on segments
when (old.transcript_id, old.window, old.n, old.text) is not
  (new.transcript_id, new.window, new.n, new.text) begin {DROP} {ADD} end""",
    f"create trigger search_no_sentence after delete on segments begin {DROP} end",
    """create table draft_texts (
    id integer primary key,
    project_id text not null,
    type text not null,
    version_id integer not null,
    title text not null,
    body text not null,
    unique (project_id, type)
)""",
    "create index draft_texts_by_version on draft_texts (version_id)",
    f"""create virtual table drafts_fts using fts5
(title, body, content = 'draft_texts', content_rowid = 'id', {WORDS})""",
    """create trigger search_a_text after insert on draft_texts begin
insert into drafts_fts (rowid, title, body)
  values (new.id, search_text(new.title), search_text(new.body));
end""",
    """create trigger search_another_text after update of title, body on draft_texts begin
insert into drafts_fts (drafts_fts, rowid, title, body)
  values ('delete', old.id, search_text(old.title), search_text(old.body));
insert into drafts_fts (rowid, title, body)
  values (new.id, search_text(new.title), search_text(new.body));
end""",
    """create trigger search_no_text after delete on draft_texts begin
insert into drafts_fts (drafts_fts, rowid, title, body)
  values ('delete', old.id, search_text(old.title), search_text(old.body));
end""",
    f"""create trigger search_a_draft after insert on drafts when new.version_id is not null begin
{SHOWN.format(version="new.version_id")};
end""",
    f"""create trigger search_another_draft after update of version_id on drafts
when old.version_id is not new.version_id begin
{HIDDEN}
{SHOWN.format(version="new.version_id")};
end""",
    f"create trigger search_no_draft after delete on drafts begin {HIDDEN} end",
    f"""create trigger search_a_version after update of title, body, fields on draft_versions
when (old.title, old.body, old.fields) is not (new.title, new.body, new.fields) begin
update draft_texts set title = new.title,
  body = (select {BODY} from draft_versions v where v.id = new.id) where version_id = new.id;
end""",
)


# The projects `p` whose title matches, of those with the numbers from one to another.
TITLED = (
    f"projects_fts f cross join projects p on p.n = f.rowid & {(1 << USER_BITS) - 1}"
    " where f.projects_fts match :match and f.rowid between :first and :last"
)


def numbers_of(user_id: int) -> tuple[int, int]:
    """The first and the last number that what is a user's has in an index of the search."""
    first = user_id << USER_BITS
    return first, first + (1 << USER_BITS) - 1


def _titles(number: str, options: str) -> tuple[str, ...]:
    """The index of titles and its triggers; `number` is a title's, of columns of its `{row}`."""

    def texts(row: str) -> str:
        names = ("title", "context", "file_name")
        indexed = (f"search_text({row}.{name})" for name in names)
        return ", ".join([number.format(row=row), *indexed])

    add = "insert into projects_fts (rowid, title, context, file_name)"
    drop = f"""
insert into projects_fts (projects_fts, rowid, title, context, file_name)
  values ('delete', {texts("old")});"""
    columns = ", ".join([*re.findall(r"{row}\.(\w+)", number), "title, context, file_name"])
    return (
        "drop table projects_fts",
        f"create virtual table projects_fts using fts5 (title, context, file_name, {options})",
        f"{add} select {texts('p')} from projects p",
        "create trigger search_a_title after insert on projects begin"
        f" {add} values ({texts('new')}); end",
        f"create trigger search_no_title after delete on projects begin {drop} end",
        f"create trigger search_another_title after update of {columns} on projects"
        f" begin {drop} {add} values ({texts('new')}); end",
    )


TITLES = (
    "drop trigger projects_ai",
    "drop trigger projects_ad",
    "drop trigger projects_au",
    *_titles("{row}.n", "content = ''"),
)
TITLES_OF_A_USER = (
    "drop trigger search_a_title",
    "drop trigger search_no_title",
    "drop trigger search_another_title",
    *_titles(f"({{row}}.user_id << {USER_BITS}) + {{row}}.n", f"content = '', {WORDS}"),
)
WITHOUT_SEARCH = (
    *(
        f"drop trigger if exists {name}"
        for name in (
            "search_a_transcript",
            "search_no_transcript",
            "search_a_sentence",
            "search_another_sentence",
            "search_no_sentence",
            "search_a_draft",
            "search_another_draft",
            "search_no_draft",
            "search_a_version",
        )
    ),
    "drop table search_places",
    "drop table sentences_fts",
    "drop table drafts_fts",
    "drop table draft_texts",
)
