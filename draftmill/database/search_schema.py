"""The indexes of the search, kept by triggers in the transaction of whatever changes a text.

The number of a sentence in its index is made of its user, its transcript and its place there, so
that a user's are one range of an index: nobody's search walks through what others have. That of a
draft begins with its user too. Which transcripts are indexed stands in `search_places`; what was
there before the index is added later, piece by piece (see search/indexing.py).
"""

WORDS = "prefix = '2 3 4 5', tokenize = 'unicode61 remove_diacritics 2'"
USER_BITS, TRANSCRIPT_BITS, WINDOW_BITS = 47, 25, 12
FIRST = f"(user_id << {USER_BITS})"

NUMBER = f"first + ({{row}}.window << {WINDOW_BITS}) + {{row}}.n"
PLACE = "from search_places where transcript_id = {row}.transcript_id"
ADD = f"""
insert into sentences_fts (rowid, text)
  select {NUMBER.format(row="new")}, new.text {PLACE.format(row="new")};"""
DROP = f"""
insert into sentences_fts (sentences_fts, rowid, text)
  select 'delete', {NUMBER.format(row="old")}, old.text {PLACE.format(row="old")};"""

# The posts of a thread are stored as a list in JSON.
BODY = """case when v.body like '["%' and json_valid(v.body)
  then (select group_concat(value, char(10)) from json_each(v.body)) else v.body end"""
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
insert into drafts_fts (rowid, title, body) values (new.id, new.title, new.body);
end""",
    """create trigger search_another_text after update of title, body on draft_texts begin
insert into drafts_fts (drafts_fts, rowid, title, body)
  values ('delete', old.id, old.title, old.body);
insert into drafts_fts (rowid, title, body) values (new.id, new.title, new.body);
end""",
    """create trigger search_no_text after delete on draft_texts begin
insert into drafts_fts (drafts_fts, rowid, title, body)
  values ('delete', old.id, old.title, old.body);
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
    f"""create trigger search_a_version after update of title, body on draft_versions
when (old.title, old.body) is not (new.title, new.body) begin
update draft_texts set title = new.title,
  body = (select {BODY} from draft_versions v where v.id = new.id) where version_id = new.id;
end""",
)
