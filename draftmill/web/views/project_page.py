"""One project: its facts, its transcription, a row for each content type, its material."""

import sqlite3

from content_actions import Action
from draftmill.database import changes
from draftmill.jobs import history
from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import can_be_done_alone
from draftmill.projects.titles import is_from_talk
from draftmill.settings import Settings
from draftmill.speech.present import models_here
from draftmill.transcripts import languages
from draftmill.web.views import pills
from draftmill.web.views.draft_languages import draft_languages
from draftmill.web.views.material import material_of
from draftmill.web.views.models import pace_words
from draftmill.web.views.pill import REFRESH_S, Pill
from draftmill.web.views.voices import voices_of

STAGES_ALONE = {"screenshots": "Take the screenshots again", "chapters": "Find the chapters again"}

CHARACTERS_A_MINUTE = 850  # of talk


def page_of(db: sqlite3.Connection, settings: Settings, project: sqlite3.Row) -> dict[str, object]:
    """The context of projects/project.html."""
    since = changes.latest(db)
    job = newest_job(db, project["id"], INGEST)
    ingest = pills.pill_of_job(db, settings, project, INGEST, job)
    rows = pills.rows(db, settings, project)
    return head_of(db, settings, project, job) | {
        "ingest": ingest if _still_matters(ingest) else None,
        "ingest_rev": changes.rev(db, "job", job.id) if job else 0,
        "rows": rows,
        "takes": _takes(db, settings, project) if project["transcript_id"] else "",
        "material": material_of(db, project),
        "live": f"project={project['id']}&since={since}",
        "refresh_s": REFRESH_S * (ingest.active or any(row.pill.active for row in rows)),
    }


def head_of(
    db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, ingest: Job | None
) -> dict[str, object]:
    """The context of projects/_head.html."""
    return {
        "project": _facts(db, project),
        "languages": languages.choices(),
        "draft_languages": draft_languages(db, project["user_id"]),
        "again": _again(settings, project, ingest),
        "alone": _alone(project, ingest),
        "voices": voices_of(db, project, ingest),
        "ingest_url": f"/jobs/{ingest.id}" if ingest else "",
    }


def _takes(db: sqlite3.Connection, settings: Settings, project: sqlite3.Row) -> str:
    """What a draft takes that a model of this machine writes; "" for any other, and if nobody knows."""
    if settings.writer != "inside":
        return ""
    minutes = (project["duration_s"] or 0) / 60 or _minutes_of_text(db, project)
    return pace_words(db, settings, settings.inside_model, max(1, round(minutes)))


def _minutes_of_text(db: sqlite3.Connection, project: sqlite3.Row) -> float:
    characters = history.size_of(db, project, "") or 0.0
    return characters / CHARACTERS_A_MINUTE


def _still_matters(ingest: Pill) -> bool:
    """A transcription that went well is not spoken of any more, unless it had to warn."""
    return ingest.status not in ("succeeded", "none") or bool(ingest.warnings)


def _facts(db: sqlite3.Connection, project: sqlite3.Row) -> dict[str, object]:
    counted = db.execute(
        "select (select count(*) from chapters where transcript_id = :transcript) as chapters,"
        " (select count(*) from screenshots where project_id = :project) as screenshots,"
        " (select language from transcripts where id = :transcript) as language",
        {"transcript": project["transcript_id"], "project": project["id"]},
    ).fetchone()
    return {
        "id": project["id"],
        "url": f"/projects/{project['id']}",
        "title": project["title"],
        "title_from_talk": is_from_talk(project),
        "draft_language": project["draft_language"],
        "context": project["context"],
        "duration_s": project["duration_s"],
        "language": languages.name_of(counted["language"] or ""),
        "wished_language": project["language"],
        "file_name": project["file_name"],
        "created_at": project["created_at"],
        "has_recording": bool(project["file"]),
        "source": project["source"],
        "chapters": counted["chapters"],
        "screenshots": counted["screenshots"],
    }


def _again(
    settings: Settings, project: sqlite3.Row, ingest: Job | None
) -> dict[str, object] | None:
    """What "Transcribe again" sends, None while it cannot be."""
    if not project["file"] or (ingest and ingest.active):
        return None
    return {
        "url": f"/projects/{project['id']}/jobs",
        "after_last": ingest.id if ingest else "",
        "models": models_here(settings),
        "any_model": settings.listens_on_server,
    }


def _alone(project: sqlite3.Row, ingest: Job | None) -> list[Action]:
    """The steps that can be done again alone, none while an ingest is at work."""
    if ingest and ingest.active:
        return []
    return [
        Action(
            label,
            "POST",
            f"/projects/{project['id']}/jobs",
            f"again-{stage}",
            fields={
                "type": INGEST,
                "stage": stage,
                "after_last": ingest.id if ingest else "",
            },
        )
        for stage, label in STAGES_ALONE.items()
        if can_be_done_alone(project, stage)
    ]
