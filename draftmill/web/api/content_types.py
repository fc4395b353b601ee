"""The kinds of draft for programs: everybody reads them, the owner changes them."""

from dataclasses import replace

from content_actions import ContentType
from draftmill.accounts.users import check_owner
from draftmill.content_types import changing, rows, styles
from draftmill.content_types.wanted import Wanted, wanted_of
from draftmill.web.api import type_shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.middleware.bearer import API


def list_all(call: Call) -> Reply:
    """GET: all of them in their order, also those that are off."""
    items = [_shape(content) for content in changing.listed()]
    return Reply(200, type_shapes.ContentTypeList(items=items))


def get(call: Call) -> Reply:
    """GET one."""
    return Reply(200, _shape(changing.type_for(call.path["content_type"])))


def add(call: Call) -> Reply:
    """POST: a kind of the owner's."""
    check_owner(call.user)
    body: type_shapes.NewContentType = call.body
    added = changing.add(call.db, call.user.id, Wanted(**body.model_dump()))
    return Reply(201, _shape(added), {"Location": f"{API}/content-types/{added.type}"})


def change(call: Call) -> Reply:
    """PATCH: what is left out stays. Draftmill's own take `on`, `every` and `position` only."""
    check_owner(call.user)
    body: type_shapes.ContentTypeChanges = call.body
    name, said = call.path["content_type"], body.model_dump(exclude_none=True)
    place = said.pop("position", None)
    if said.keys() - {"on", "every"}:
        wanted = replace(wanted_of(changing.own_type_for(name)), **said)
        changing.change(call.db, call.user.id, name, wanted)
    elif said:
        changing.switch(call.db, call.user.id, name, **said)
    if place is not None:
        here = changing.listed().index(changing.type_for(name))
        changing.move(call.db, call.user.id, name, place - 1 - here)
    return Reply(200, _shape(changing.type_for(name)))


def delete(call: Call) -> Reply:
    """DELETE: what was written with it stays."""
    check_owner(call.user)
    changing.delete(call.db, call.user.id, call.path["content_type"])
    return Reply(204)


def prompts(call: Call) -> Reply:
    """GET: the versions of its prompt, newest first."""
    content = changing.type_for(call.path["content_type"])
    items = [
        type_shapes.PromptVersion(version=one.n, text=one.text, created_at=one.created_at)
        for one in rows.prompts_of(call.db, content.type)
    ]
    return Reply(200, type_shapes.PromptList(items=items))


def style(call: Call) -> Reply:
    """GET: the user's own texts, by which a model hears how they write drafts of this kind."""
    content = changing.type_for(call.path["content_type"])
    texts = styles.examples_of(call.db, call.user.id, content.type)
    return Reply(200, type_shapes.Style(texts=texts))


def keep_style(call: Call) -> Reply:
    """PUT: these texts from now on."""
    content = changing.type_for(call.path["content_type"])
    texts = styles.keep(call.db, call.user.id, content.type, call.body.texts)
    return Reply(200, type_shapes.Style(texts=texts))


def _shape(content: ContentType) -> type_shapes.ContentType:
    return type_shapes.ContentType(
        type=content.type,
        label=content.label,
        summary=content.summary,
        shape=content.shape,
        limit=content.limit,
        max_posts=content.max_posts,
        title_limit=content.title_limit,
        has_preview=content.has_preview,
        button=content.button,
        on=content.on,
        every=content.every,
        editable=content.owned,
        prompt=content.task,
        prompt_version=content.prompt_n,
    )
