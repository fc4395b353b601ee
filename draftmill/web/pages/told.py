"""What a project's page tells on top of what was done just now, and how to undo it.

The address of the page says it by a note; a change that answers htmx is told by the same words.
"""

from collections.abc import Iterable, Mapping
from sqlite3 import Row

from content_actions import CONTENT_TYPES, ContentType
from draftmill.drafts.correcting import Applied
from draftmill.web.numbers import number_in
from draftmill.web.views.material import undo_url

MOST_DRAFTS = 200
NOTES = {
    "gone": "It is deleted already.",
    "back": "You are signed in. Go back to the other tab: what you typed there is untouched.",
    "known": "You uploaded this file before: here is its project.",
    "restored": "The project is back.",
    "kept": "It was taken out of the bin since, so nothing was deleted.",
    "refound": "You uploaded this file before, and its project was in the bin: it is back.",
    "unused": "This is at work already, so what you asked for just now was not used.",
    "undone": "Undone.",
    "late": "It was renamed since: nothing was undone.",
    "changed": "Changed since: nothing was undone.",
    "partly": "Undone, but not in drafts that were changed since.",
    "saved": "Saved.",
    "retitled": "Renamed.",
    "nothing": "Nothing in the transcript sounds like that, so nothing was changed yet."
    " It will be corrected in transcriptions made from now on.",
}
# What can be undone: the address names the change.
DONE = {
    "corrected": "Corrected {places}.",
    "removed": "Removed.",
    "edited": "Edited.",
    "begun": "The first chapter is made.",
    "renamed": "Renamed.",
    "moved": "The chapter starts there now.",
    "merged": "Merged.",
    "split": "Split.",
    "deleted": "Removed.",
    "named": "Named.",
    "given": "Given to them.",
}
IN_PLACE = {"undo_in": "material"}  # the transcript is shown anew there, and nothing else


def told(project: Row, address: Mapping[str, str]) -> dict[str, object]:
    """The context of _notice.html from the query of the page's address."""
    note, project_id = address.get("note", ""), project["id"]
    if note == "retitled" and "undo" in address:
        if address["undo"] != project["title"]:
            return {}
        return renamed(project, note, {name: address.get(name, "") for name in ("title", "by")})
    content = CONTENT_TYPES.known(address.get("type", ""))
    if note == "placed" and content is not None:
        before, made = (number_in(address.get(name, "")) for name in ("before", "made"))
        return placed(project_id, content, before, made)
    applied = applied_in(address.get("drafts", "")) if note == "applied" else []
    if applied:
        drafts = "one draft" if len(applied) == 1 else f"{len(applied)} drafts"
        url = f"/projects/{project_id}/corrections/drafts/undo"
        fields = {"drafts": drafts_in(applied)}
        notice = f"Corrected in {drafts}."
        return {"notice": notice, "undo_url": url, "undo_fields": fields, **IN_PLACE}
    if note not in DONE:
        return {"notice": NOTES.get(note, "")}
    places = number_in(address.get("places", "")) or 0
    words = "in one place" if places == 1 else f"in {places:,} places"
    notice = DONE[note].format(places=words)
    change = number_in(address.get("change", ""))
    if change is None:
        return {"notice": notice}
    return {"notice": notice, "undo_url": undo_url(project_id, change), **IN_PLACE}


def renamed(project: Row, note: str, was: Mapping[str, str]) -> dict[str, object]:
    """What is told of a project's other name, and the way back to what it `was`: its title, `by` whom."""
    return {
        "notice": NOTES[note],
        "undo_url": f"/projects/{project['id']}/title",
        "undo_in": f"name-{project['id']}",
        "undo_fields": {**was, "undo": project["title"]},
    }


def placed(
    project_id: str, content: ContentType, before: int | None, made: int | None
) -> dict[str, object]:
    """What is told of a screenshot put into a draft, and the way from version `made` to the one `before`."""
    if not before:
        return {"notice": f"{content.label}: the screenshot is in it already."}
    draft = f"/projects/{project_id}/drafts/{content.type}"
    notice = f"{content.label}: the screenshot is in it now."
    return {"notice": notice, "undo_url": f"{draft}/versions/{before}/restore?undoes={made}"}


def drafts_in(applied: Iterable[Applied]) -> str:
    """What the form says that takes it back: "blog.5.6,twitter.3.4"."""
    return ",".join(f"{one.type}.{one.before}.{one.after}" for one in applied)


def applied_in(said: str) -> list[Applied]:
    """The other way round; what is none of this is left out."""
    found = []
    for part in said.split(",")[:MOST_DRAFTS]:
        type, _, numbers = part.partition(".")
        before, after = (number_in(one) for one in numbers.partition(".")[::2])
        if before is not None and after is not None:
            found.append(Applied(type, before, after))
    return found
