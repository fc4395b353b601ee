"""Search everywhere, for programs."""

from draftmill.search.everywhere import DRAFTS, TALKS, TITLES, search
from draftmill.search.words import joined
from draftmill.web.api.operations import Call, Reply
from draftmill.web.api.projects import cursor
from draftmill.web.api.search_shapes import (
    FoundDraft,
    FoundSentence,
    FoundTitle,
    SearchNext,
    SearchQuery,
    SearchResult,
)

KINDS = {"projects": TITLES, "sentences": TALKS, "drafts": DRAFTS}


def everywhere(call: Call) -> Reply:
    """GET: titles, sentences and drafts that have all words of `q`; of one kind a page at a time."""
    query: SearchQuery = call.query
    before = int(query.cursor) if query.cursor else None
    found = search(call.db, call.user.id, query.q, KINDS.get(query.kind or "", ""), before)
    body = SearchResult(
        projects=[
            FoundTitle(
                project_id=one.project_id, title=joined(one.title), created_at=one.created_at
            )
            for one in found.titles
        ],
        sentences=[
            FoundSentence(
                project_id=talk.project_id,
                title=talk.title,
                start_s=said.start_s,
                speaker=said.speaker,
                text=joined(said.text),
            )
            for talk in found.talks
            for said in talk.sentences
        ],
        drafts=[
            FoundDraft(
                project_id=one.project_id,
                type=one.type,
                title=joined(one.title) or one.project,
                text=joined(one.text),
            )
            for one in found.drafts
        ],
        next=SearchNext(
            **{name: cursor(found.following.get(kind)) for name, kind in KINDS.items()}
        ),
    )
    return Reply(200, body)
