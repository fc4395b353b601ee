"""The models of this machine: those that lie here, those that can be had, and what each would take."""

import sqlite3
from dataclasses import dataclass, replace

from draftmill.errors import Problem
from draftmill.jobs.policies import FETCH
from draftmill.models import kept, paces
from draftmill.models.catalogue import Offer, readable
from draftmill.projects import fetching
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.views import pills
from draftmill.web.views.pill import Pill

HOUR = 60  # minutes of talk
PAGE = "/settings/models"
KINDS = ("language", "speech")


@dataclass(frozen=True)
class Entry:
    """One model. `file` is how the settings call it; `pace` says what a draft takes, `lacks` what
    this machine lacks for it. With a `pill` it is, or was, being downloaded."""

    name: str
    file: str
    kind: str
    title: str
    about: str
    facts: str
    page: str = ""
    bytes: int = 0
    memory: int = 0
    here: bool = False
    chosen: bool = False
    recommended: bool = False
    pace: str = ""
    lacks: str = ""
    pill: Pill | None = None

    @property
    def gets(self) -> bool:
        """Whether a press would download it."""
        return not (self.here or self.lacks or self.pill)


def shown(db: sqlite3.Connection, settings: Settings, user_id: int, kind: str) -> list[Entry]:
    """The models of a kind, "language" or "speech": those of the tables, then other files here."""
    table = [offer for offer in readable(settings)[0] if offer.kind == kind]
    found = [_offered(db, settings, user_id, offer) for offer in table]
    if kind == "language":
        named = {entry.file for entry in found}
        others = [one for one in kept.language_models(settings) if one.file not in named]
        found += [_own(db, settings, one) for one in others]
    return found


def _offered(db: sqlite3.Connection, settings: Settings, user_id: int, offer: Offer) -> Entry:
    here = offer.is_here(settings)
    file = offer.parts[0].file if offer.kind == "language" else offer.name
    entry = Entry(
        name=offer.name,
        file=file,
        kind=offer.kind,
        title=offer.title,
        about=offer.good_for,
        facts=f"{offer.languages}. {offer.licence}",
        page=offer.page,
        bytes=offer.bytes,
        memory=offer.memory,
        here=here,
        chosen=is_chosen(settings, offer.kind, file),
        recommended=offer.recommended,
        pace=pace_words(db, settings, file) if here and offer.kind == "language" else "",
    )
    if here:
        return entry
    pill = _pill(db, settings, user_id, offer)
    return replace(entry, pill=pill, lacks="" if pill else _lacks(settings, offer))


def _own(db: sqlite3.Connection, settings: Settings, model: kept.Kept) -> Entry:
    return Entry(
        name=model.file,
        file=model.file,
        kind="language",
        title=model.head.name or model.name,
        about=f"{model.file}, which you put there",
        facts="",
        bytes=model.bytes,
        memory=model.least_memory,
        here=True,
        chosen=is_chosen(settings, "language", model.file),
        pace=pace_words(db, settings, model.file),
    )


def is_chosen(settings: Settings, kind: str, file: str) -> bool:
    """Whether a model writes, or listens, as things are."""
    if kind == "language":
        return settings.writer == "inside" and settings.inside_model == file
    return not settings.listens_on_server and settings.whisper_model == file


def _pill(db: sqlite3.Connection, settings: Settings, user_id: int, offer: Offer) -> Pill | None:
    job = fetching.last_job(db, user_id, offer.name)
    if job is None or job.status == "succeeded":
        return None
    project = row_of(db, job.project_id)
    return pills.pill_of_job(db, settings, project, FETCH, job)


def _lacks(settings: Settings, offer: Offer) -> str:
    try:
        fetching.check_room(settings, offer)
    except Problem as problem:
        return problem.message
    return ""


def pace_words(db: sqlite3.Connection, settings: Settings, file: str, minutes: float = HOUR) -> str:
    """ "A 60-minute talk takes about 12 minutes here", as it was measured; "" before it was.

    What was measured with a few words only is called rough.
    """
    pace = paces.pace_of(db, file.removesuffix(kept.SUFFIX))
    if pace is None:
        return ""
    try:
        context = kept.language_model(settings, file).contexts()[0]
    except Problem:
        return ""
    takes, talk = as_minutes(pace.draft_s(minutes, context)), f"{minutes:.0f}-minute talk"
    if pace.rough:
        return f"A draft of a {talk} takes roughly {takes} here, judged by a few words"
    return f"A draft of a {talk} takes about {takes} here"


def as_minutes(seconds: float) -> str:
    """A time that nobody knows to the second: "40 seconds", "12 minutes", "2.5 hours"."""
    if seconds < 55:
        return f"{max(10, round(seconds, -1)):.0f} seconds"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} minute{'s' * (minutes != 1)}"
    return f"{seconds / 3600:.1f} hours"
