"""Made-up people, projects, pills and drafts, in the shapes that the templates name in their first comments."""

import itertools
from types import SimpleNamespace as Thing
from typing import Any

from markupsafe import Markup

from content_actions import CONTENT_TYPES, Action
from draftmill.web.views.difference import Row
from draftmill.web.views.pill import Pill
from draftmill.web.views.steps import Step

MOMENT = "2026-11-02T09:14:03.000Z"
USER = Thing(id=1, name="Mira Kovač", email="mira@example.org", initials="MK", role="owner")
PROJECT_ID = "4f1c"
URL = f"/projects/{PROJECT_ID}"
TITLE = "How we cut our build from 40 minutes to 4"
SENTENCES = [
    "We measured before we touched anything.",
    "Two thirds of the time was spent waiting for a cache that was never warm.",
    "Nobody had looked, because the number was always the same, and a number that never changes stops being a number.",
    "So the first thing we did was boring.",
    "We drew the graph on paper, every arrow, and asked of each one who needs this.",
    "Eleven of the arrows had no answer.",
]
CHAPTERS = [
    (0, "The build nobody owned"),
    (372, "Where forty minutes went"),
    (845, "Drawing the graph on paper"),
    (1360, "Remote cache, honest numbers"),
    (1878, "What broke on the way"),
    (2642, "Questions from the room"),
]
SHOTS = [
    ("Owned", "#14263d"),
    ("40 min", "#5c2a20"),
    ("Graph", "#1f4a35"),
    ("Cache", "#3d2a5a"),
    ("Before", "#14263d"),
    ("After", "#5a4a1c"),
    ("Broke", "#1f4a48"),
    ("Q&A", "#4a1f38"),
]


def action(label: str, kind: str, method: str = "POST", **more: Any) -> Thing:
    """One button, as build_content_actions makes it."""
    fields: dict[str, Any] = {
        "primary": False,
        "target": None,
        "asks": False,
        "fields": {},
        "url": f"{URL}/jobs",
    }
    return Thing(
        label=label, method=method, id=f"{label.lower().replace(' ', '-')}-{kind}", **fields | more
    )


def pill(kind: str, status: str = "none", **more: Any) -> Pill:
    """The state of one task; what is not given is as quiet as can be."""
    content = CONTENT_TYPES.get(kind)
    looks = {
        "pending": ("idle", "clock", "Waiting"),
        "running": ("busy", "loader-circle", "Writing"),
        "succeeded": ("good", "check", "Ready"),
        "failed": ("bad", "triangle-alert", "Failed"),
        "cancelled": ("idle", "ban", "Cancelled"),
        "none": ("idle", "clock", ""),
    }
    tone, icon, word = looks[status]
    fields = {"type": kind, "after_last": ""}
    start = Action("Generate", "POST", f"{URL}/jobs", f"generate-{kind}", fields=fields)
    defaults: dict[str, Any] = {
        "project_id": PROJECT_ID, "type": kind, "rev": 7, "label": content.label if content else "Transcript",
        "about": content.summary if content else "", "start": start, "status": status,
        "job_id": f"7-{kind}" if status != "none" else "", "tone": tone, "icon": icon, "word": word,
        "cancellable": status in ("pending", "running"), "retryable": status in ("failed", "cancelled"),
    }  # fmt: skip
    return Pill(**defaults | more)


def row(kind: str, state: Pill, *items: Thing) -> Thing:
    slot = Thing(slot_id=f"actions-{PROJECT_ID}-{kind}", rev=7, items=list(items))
    return Thing(type=kind, label=CONTENT_TYPES[kind].label, pill=state, actions=slot)


def ready(kind: str, about: str, at: str | None = None) -> Thing:
    edit = action(CONTENT_TYPES[kind].button, kind, "GET", url=f"/draft-{kind}", primary=True)
    again = action("Generate again", kind, fields={"type": kind}, target=f"job-{PROJECT_ID}-{kind}")
    return row(kind, pill(kind, "succeeded", about=about, about_at=at), edit, again)


def ingest(**more: Any) -> Pill:
    """The big panel in the middle of a transcription."""
    steps = [
        Step("Uploaded and checked", "done", "3 s"),
        Step("Transcribing", "now", "0:14"),
        Step("Taking screenshots", "next"),
        Step("Finding chapters", "next"),
    ]
    looks: dict[str, Any] = {
        "panel": True,
        "percent": 23,
        "word": "Transcribing, 12 of 52 min",
        "detail": "23 %, 1–2 min left",
        "steps": steps,
    }
    looks |= more
    return pill("ingest", looks.pop("status", "running"), **looks)


def rows_of_every_kind(now: str) -> list[Thing]:
    return [
        ready("blog", "1,240 words, edited by you", now),
        row("newsletter", pill("newsletter", "running", clock="0:34", percent=62, detail="412 words so far, about 20 s left")),
        row("twitter", pill("twitter", "pending", tone="waiting", icon="rotate-cw", word="Retry 2 of 3 in 4 s", problem="The model server was busy (429). Nothing is lost.")),
        row("linkedin", pill("linkedin", "failed", problem="The model server refused the key.", hint="Set DRAFTMILL_LLM_API_KEY, start Draftmill again, and press Retry.")),
    ]  # fmt: skip


def rows_that_wait() -> list[Thing]:
    later = Action(
        "Generate when ready", "POST", f"{URL}/jobs", "later", fields={"type": "newsletter"}
    )
    return [
        row(
            "blog",
            pill("blog", "pending", about="Starts by itself", word="Waiting for the transcript"),
        ),
        row("newsletter", pill("newsletter", start=later)),
        row("twitter", pill("twitter", "cancelled", about="You stopped it")),
        row(
            "linkedin",
            pill("linkedin", "running", word="Reading", clock="0:03"),
        ),
    ]


def material(**more: Any) -> Thing:
    """An hour's talk with its chapters and pictures."""
    chapters, number = [], itertools.count(1)
    for start, title in CHAPTERS:
        said = [
            Thing(
                n=next(number),
                heard="We talk about Cooper Netties." if start == 1878 and i == 1 else None,
                start_s=start + 4.0 * i,
                end_s=start + 4.0 * i + 3.8,
                text=text,
                doubtful=start == 1878 and i == 2,
            )
            for i, text in enumerate(SENTENCES)
        ]
        paragraphs = [
            Thing(start_s=said[0].start_s, speaker="", sentences=said[:3]),
            Thing(start_s=said[3].start_s, speaker="", sentences=said[3:]),
        ]
        chapters.append(Thing(title=title, start_s=float(start), paragraphs=paragraphs, tall=0))
    shots = [
        Thing(
            n=n,
            time_s=n * 300.0,
            url=f"/picture/{n}.svg",
            thumb_url=f"/picture/{n}.svg",
            width=320,
            height=180,
        )
        for n in range(1, 9)
    ]
    defaults: dict[str, Any] = {
        "project_url": URL, "rev": 7, "revision": 3, "suggests": True, "left": 0, "recording_url": "/recording", "is_video": True, "title": TITLE,
        "poster_url": "/picture/0.svg", "width": 1280, "height": 720, "timed": True, "chapters": chapters,
        "screenshots": shots, "corrections": [Thing(heard="Cooper Netties", meant="Kubernetes", places=4, drafts=3, remove_url="/corrections/1/remove", apply_url="/corrections/1/drafts")],
        "speakers": {"": 0},
        "downloads": [("Text", f"{URL}/transcript.txt"), ("Subtitles, .srt", f"{URL}/transcript.srt"), ("Subtitles, .vtt", f"{URL}/transcript.vtt")],
    }  # fmt: skip
    return Thing(**defaults | more)


def job(pill: Pill, lines: list[tuple[int, str, str]], **facts: Any) -> dict[str, Any]:
    """The context of a job's page. A line is its attempt, its level and its message."""
    shown = [
        (Thing(attempt=attempt, level=level, message=message, at=MOMENT), n in (1, 4))
        for n, (attempt, level, message) in enumerate(lines)
    ]
    told: dict[str, Any] = {
        "rev": 7, "active": pill.active, "created_at": MOMENT, "started_at": MOMENT, "completed_at": None, "took": "0:34",
        "attempts": "", "waits_for": None, "waiting": (), "instructions": "", "language": "", "any_language": False,
        "model": "llama3.1 at localhost:11434", "model_later": False, "error_code": None, "error_id": None, "version": None,
        "retry_of": None, "retried_by": None, "newer": None,
    }  # fmt: skip
    return {
        "project": Thing(title=TITLE, url=URL), "pill": pill, "facts": Thing(**told | facts), "lines": shown,
        "last_seen": 9, "cut": False, "log_url": "/log.txt", "notice": "", "refresh_s": 0,
    }  # fmt: skip


MARKDOWN = """Nobody owned the build, so nobody knew where the time went.

## Where forty minutes went

> Two thirds of the time was spent waiting for a cache that was never warm. [6:14](time:374)

![The graph on paper](shot:12)

We drew the graph, on paper, and asked of each arrow: who needs this?

- Eleven arrows had no answer
- Four were there *twice*
"""
RENDERED = Markup("""<h1>We cut our build from 40 minutes to 4</h1>
<p>Nobody owned the build, so nobody knew where the time went.</p>
<h2>Where forty minutes went</h2>
<blockquote><p>Two thirds of the time was spent waiting for a cache that was never warm. <a href="/projects/4f1c?t=374">6:14</a></p></blockquote>
<p><img src="/picture/9.svg" alt="The graph on paper" width="640" height="360"></p>
<p>We drew the graph, on paper, and asked of each arrow: who needs this?</p>
<ul><li>Eleven arrows had no answer</li><li>Four were there <em>twice</em></li></ul>""")
POSTS = [
    "We cut our build from 40 minutes to 4. Nobody had owned it, so nobody knew where the time went. Here is what we found when we finally measured.",
    "Two thirds of the time was spent waiting for a cache that was never warm. 🙃 A number that never changes stops being a number. https://example.org/talk?t=374",
    "So we drew the graph on paper, every arrow, and asked of each one: who needs this? Eleven of the arrows had no answer. "
    * 3,
]


def difference() -> dict[str, Any]:
    """What differs between two versions."""
    said = Markup(
        'Two thirds were spent <del>idle</del><ins>waiting for a cache</ins> <span class="chip">6:12</span>.'
    )
    rows = [
        Row(1, "a", "title", Markup("How we cut our build <del>down</del><ins>from 40 minutes to 4</ins>"), "Take this title"),
        Row(0, "", "paragraph", Markup("Nobody owned the build."), "", 0),
        Row(2, "b", "paragraph", said, "Take this paragraph"),
        Row(0, "", "paragraph", Markup("And so on.\n\nAnd so on."), "", 12),
        Row(3, "c", "paragraph", Markup("<del>A paragraph that only the first has.</del>"), "Leave this paragraph out"),
    ]  # fmt: skip
    return {
        "takes": "form",
        "difference": {
            "old": {"n": 7, "current": True}, "new": {"n": 8, "current": False}, "rows": rows, "places": 3,
            "gone": 9, "new_words": 9, "cut": False, "take_url": "/take",
        },
    }  # fmt: skip
