"""Every page of the application with made-up content."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from content_actions import CONTENT_TYPES
from draftmill.clock import length
from draftmill.notifications.channels import Channel, examples
from draftmill.notifications.outbox import Delivery
from draftmill.notifications.preferences import Preferences
from draftmill.projects.filtered import Page, Wanted
from draftmill.transcripts import how_many
from draftmill.web.views.channels import TAGS, Listed, Tried
from draftmill.web.views.found import Group, Kind, Line
from draftmill.web.views.project_list import list_of
from draftmill.web.views.static_files import static
from draftmill.web.views.steps import Step
from tests.support import made_up_content as fake
from tests.support.made_up_panels import panels
from tests.support.places import ROOT


def _ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


def _project(**more: Any) -> Thing:
    facts: dict[str, Any] = {
        "id": fake.PROJECT_ID, "url": fake.URL, "title": fake.TITLE, "context": "Talk at the platform meetup.",
        "duration_s": 3120.0, "language": "English", "file_name": "build-talk.mp4", "created_at": _ago(seconds=20),
        "has_recording": True, "wished_language": "", "draft_language": "", "source": "media", "chapters": 8, "screenshots": 31,
    }  # fmt: skip
    return Thing(**facts | more)


def _binned() -> list[Thing]:
    def one(n: int, title: str) -> Thing:
        return Thing(
            id=f"{n:036}", title=title, bytes=640_000_000 * n, duration_s=3120.0, binned_at=_ago(days=n),
            ends_at=_ago(days=n - 7), restore_url="/bin/x/restore", delete_url="/bin/x/delete",
        )  # fmt: skip

    return [one(1, fake.TITLE), one(2, "All hands, October"), one(3, "A" * 120)]


def _found() -> list[Kind]:
    text = (("One ", False), ("warm", True), (" ", False), ("cache", True), (" for all.", False))
    line = Line("/projects/x?t=5&find=warm#s1", text, 312.0, "Ann Miller")
    title = ((fake.TITLE, False),)
    return [
        Kind("Titles", [Group((("Warm", True), (" caches", False)), "/projects/x", "", ())], "", ""),
        Kind("Transcripts", [Group(title, "/projects/x", "", (line, line), "/projects/x?find=warm")], "More talks", "/search?kind=talks"),
        Kind("Drafts", [Group(title, "/projects/x/drafts/blog", "Blog post", (Line("/x", text),))], "", ""),
    ]  # fmt: skip


def _projects() -> list[Thing]:
    def one(
        n: int,
        title: str,
        seconds: float,
        days: float,
        drafts: list[str],
        tag: tuple[str, str, str],
    ) -> Thing:
        tone, icon, word = tag
        return Thing(
            id=str(n), rev=3, url="/project", title=title, duration_s=seconds, created_at=_ago(days=days), drafts=drafts,
            job_id="", thumb_url=f"/picture/{10 + n}.svg" if n < 4 else None, source="media", tag=Thing(tone=tone, icon=icon, word=word),
        )  # fmt: skip

    return [
        one(0, fake.TITLE, 3120, 0, [], ("busy", "loader-circle", "Transcribing 23 %")),
        one(1, "Cold starts, warm users", 1860, 1, ["Blog post", "newsletter"], ("good", "check", "2 drafts")),
        one(2, "Ep. 14: Pricing for people who hate pricing", 4320, 10, ["Blog post", "X thread", "LinkedIn post"], ("good", "check", "3 drafts")),
        one(3, "All hands, October", 2880, 22, [], ("bad", "triangle-alert", "1 failed")),
        one(4, "Interview_with_a_very_long_file_name_that_nobody_ever_shortened_2025-10-31_final_v2", 78, 500, [], ("idle", "ban", "Cancelled")),
    ]  # fmt: skip


def _everywhere() -> Thing:
    places = [
        Thing(n=n, start_s=61.0 * n, before="We use ", heard="cooper netties", after=" every day.")
        for n in range(1, 5)
    ]
    offer = Thing(heard="Cooper Netties", meant="Kubernetes", count=60, places=places)
    return Thing(url=fake.URL, timed=True, offers=[offer])


def _sentence() -> dict[str, Any]:
    said = Thing(
        n=2, text=fake.SENTENCES[1], heard="Two birds were waiting.", edited=True, revision=4
    )
    near = [(n, 4.0 * n, text) for n, text in enumerate(fake.SENTENCES, 1)]
    stale = Thing(message="This sentence was changed elsewhere since you began.", hint="Save one.")
    return {
        "project": _project(), "sentence": said, "typed": "Two thirds was waiting.", "near": near, "timed": True, "problem": stale,
        "differs": Markup("Two <del>birds</del><ins>thirds</ins> was waiting."),
    }  # fmt: skip


def _new(problem: Thing | None = None) -> Thing:
    types = [
        Thing(type=c.type, label=c.label, summary=c.summary, checked=True)
        for c in CONTENT_TYPES.values()
    ]
    return Thing(
        title="", context="", language="", transcript_text="", types=types, languages=_languages(),
        draft_language="", draft_languages=_languages(), speakers="", speaker_choices=how_many.CHOICES,
        accept="video/*,audio/*,.mkv,.opus", accept_transcript=".txt,.srt", max_bytes=10 * 10**9, free_bytes=200 * 10**9, problem=problem,
        kept=problem and Thing(id="1", file_name="talk.mp4", length=812_000_000), use="",
    )  # fmt: skip


def _languages() -> list[tuple[str, str]]:
    return [("", "Find out by itself"), ("en", "English"), ("de", "German")]


def _draft(kind: str, **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "url": f"{fake.URL}/drafts/{kind}", "title": "We cut our build from 40 minutes to 4", "body": fake.MARKDOWN,
        "based_on": 41, "n": 7, "author": "person", "saved_at": _ago(minutes=3), "note": None, "preview": "", "subjects": [],
    }  # fmt: skip
    downloads = [
        ("Markdown", f"/{kind}.md"),
        ("Web page", f"/{kind}.html"),
        ("Zip with pictures", f"/{kind}.zip"),
    ]
    again = Thing(
        takes_instructions=True,
        url=f"{fake.URL}/jobs",
        type=kind,
        after_last="7",
        pill=None,
        slot_id=f"job-4f1c-{kind}",
    )
    return {
        "project": _project(), "content": CONTENT_TYPES[kind], "draft": Thing(**facts | more), "rendered": fake.RENDERED,
        "downloads": downloads, "download_url": f"/{kind}.zip", "offered": None, "again": again, "problem": None, "marks": None, "pictures": None, "recording": None,
    }  # fmt: skip


def _thread(kind: str, posts: list[str]) -> dict[str, Any]:
    return _draft(kind, posts=posts, counts=[len(post) for post in posts])


def _page(
    rows: list[Thing], material: Thing | None, ingest: Thing | None = None, **project: Any
) -> dict[str, Any]:
    again = Thing(url=f"{fake.URL}/jobs", after_last="6")
    return {
        "project": _project(**project), "ingest": ingest, "ingest_rev": 3, "rows": rows, "takes": "", "material": material,
        "languages": _languages(), "draft_languages": _languages(), "again": again, "ingest_url": "/job",
        "voices": Thing(url=f"{fake.URL}/jobs", after_last="6", slot_id="job-x-ingest", choices=how_many.CHOICES, chosen=""),
    }  # fmt: skip


def _versions() -> list[Thing]:
    def one(n: int, author: str, current: bool = False) -> Thing:
        return Thing(
            n=n, author=author, model="extractive" if author == "writer" else "", created_at=_ago(hours=9 - n), words=1240,
            title="", current=current, restore_url=f"/restore/{n}", compare_url=f"/compare/{n}", prompt="", trial=False, refused="", open=False,
            beside_url=f"/beside/{n}", rendered=fake.RENDERED if n > 1 else None,
        )  # fmt: skip

    return [one(7, "person", True), one(6, "writer"), one(5, "person"), one(1, "writer")]


def pages() -> dict[str, tuple[str, dict[str, Any]]]:
    """Name -> template and context."""
    now = _ago(minutes=3)
    wrong = Thing(
        message="This file has no sound.", hint="Choose a recording in which somebody speaks."
    )
    failed = fake.ingest(
        status="failed", word="Not transcribed", detail="", anyway=True, problem="This does not sound like English.",
        hint="Set DRAFTMILL_WHISPER_MODEL to a multilingual model, or go on and correct by hand.",
        steps=[Step("Uploaded and checked", "done", "3 s"), Step("Transcribing", "failed", "0:14"), Step("Taking screenshots", "next"), Step("Finding chapters", "next")],
    )  # fmt: skip
    ended = fake.ingest(
        status="succeeded",
        word="Transcribed",
        detail="in 58 s",
        steps=[],
        warnings=["The recording ends early, at 51:12."],
    )
    listed = {
        **list_of(Wanted(), Page([], 1, 1, 14)),
        "any": True,
        "binned": 2,
        "new": _new(),
        "job_ids": [],
    }
    all_ready = [
        fake.ready("blog", "1,240 words", None),
        fake.ready("newsletter", "410 words, edited by you", now),
        fake.ready("twitter", "9 posts"),
        fake.ready("linkedin", "1,980 characters"),
    ]
    audio = fake.material(is_video=False, screenshots=[])
    newsletter = _draft(
        "newsletter",
        preview="Nobody owned the build. What we found on paper.",
        subjects=["Where forty minutes went", "The build nobody owned", "Eleven arrows"],
        note="An outline in the speaker’s own words. Without a language model Draftmill chooses passages, it does not write.",
    )
    newsletter["offered"] = Thing(
        slot_id="offered-1",
        n=8,
        created_at=now,
        model="extractive",
        version_url="/versions#v8",
        compare_url="/compare/8",
        restore_url="/restore/8",
        decline_url="/decline/8",
    )
    busy = _draft("blog")
    busy["again"].pill = fake.pill(
        "blog", "running", percent=40, clock="0:12", detail="180 words so far"
    )
    side = Thing(
        n=9, author="person", created_at=now, restore_url="/restore/9", rendered=fake.RENDERED
    )
    history = {"project": _project(), "content": CONTENT_TYPES["blog"], "draft_url": "/draft-blog"}
    sessions = [
        Thing(agent="Firefox on Linux", last_seen_at=now, current=True),
        Thing(agent="Safari on iPhone", last_seen_at=_ago(days=2), current=False),
    ]
    account = {
        "sessions": sessions,
        "tokens": [
            Thing(id=2, name="Zapier", last_used_at=now),
            Thing(id=1, name="Backup script", last_used_at=None),
        ],
        "secret": "dm_" + "Xy" * 21 + "Z",
        "draft_language": "",
        "draft_languages": _languages(),
        "terms": ["Draftmill", "Kubernetes", "Mara Keller"],
        "disk": Thing(used_bytes=4_300_000_000, free_bytes=212_000_000_000, projects=14, binned=2),
        "problem": None,
        "problem_in": "",
    }
    tries = [
        Tried(*TAGS["sent"], Delivery("Blog post ready: " + fake.TITLE, "sent", "", "", "200 ok", 0.4, now)),
        Tried(*TAGS["later"], Delivery("Newsletter ready: " + fake.TITLE, "later", "The server failed (status 503).", "See that it runs as it should.", "503 Service Unavailable", 2.0, _ago(hours=3))),
        Tried(*TAGS["failed"], Delivery("Transcript ready: " + fake.TITLE, "failed", "The server did not accept the token or password.", "Check it, and add the channel again.", "401 {\"error\": \"invalid_auth\"}", 0.3, _ago(days=2))),
    ]  # fmt: skip
    told = [
        Listed(Channel(1, 1, "mail", "My mail", now), tries[0], 0),
        Listed(Channel(2, 1, "workflow", "The team’s channel about everything that we record and publish", now), tries[2], 0),
        Listed(Channel(3, 1, "webhook", "Archive", now), None, 2),
    ]  # fmt: skip
    elsewhere = {
        "channels": told, "wished": Preferences(), "mail": True, "email": "mara@example.org", "examples": examples(),
        "problem": None, "problem_in": "", "name": "",
    }  # fmt: skip
    refused = {"name": "Chat", "problem_in": "channel", "problem": Thing(message="file:// cannot be used here.", hint="Use a service of the list.")}  # fmt: skip
    interrupted = fake.pill(
        "blog", "pending", panel=True, own_page=True, tone="waiting", icon="rotate-cw", word="Interrupted, goes on", clock="in 5 s",
        problem="The worker stopped while writing: its process was ended by the system.", hint="Nothing is lost.",
        steps=[Step("Transcript ready", "done"), Step("Writing", "held")],
    )  # fmt: skip
    over = fake.pill(
        "linkedin", "failed", panel=True, own_page=True, problem="Draftmill met an error that it does not know.",
        hint="Press Retry; if it fails again, look for this number in the server log.",
        steps=[Step("Transcript ready", "done"), Step("Writing", "failed")],
    )  # fmt: skip
    lines = [
        (0, "info", "Started"), (1, "info", "Work begins"), (1, "info", "Reading: done in 1.2 s"),
        (1, "warning", "Interrupted while writing: its process was ended by the system"), (2, "info", "Work goes on"),
    ]  # fmt: skip
    return {
        "job": ("jobs/job.html", fake.job(interrupted, lines, attempts="2, interrupted once", instructions="Shorter, for beginners")),
        "job-failed": ("jobs/job.html", fake.job(over, [*lines, (2, "error", "Draftmill met an error that it does not know.")], error_code="internal", error_id="3fa9c21b", model_later=True)),
        "projects": ("projects/list.html", {**listed, "projects": _projects()[:4]}),
        "projects-many": ("projects/list.html", {**listed, "projects": _projects(), **list_of(Wanted(state="drafted"), Page([], 2, 3, 57)), "notice": "“All hands, October” is in the bin.", "undo_url": "/projects/x/restore"}),
        "projects-none": ("projects/list.html", {**listed, "projects": [], "any": False}),
        "projects-unfound": ("projects/list.html", {**listed, "projects": [], **list_of(Wanted("zebra"), Page([], 1, 1, 0))}),
        "bin": ("projects/bin.html", {"projects": _binned(), "days": "7 days", "following": 2, "paged": True}),
        "in-bin": ("projects/in_bin.html", {"project": _binned()[0], "days": "7 days"}),
        "search": ("search/page.html", {"query": "warm cache", "words": ("warm", "cache"), "kind": "", "kinds": _found()}),
        "new": ("projects/new.html", {"new": _new(wrong)}),
        "project": ("projects/project.html", _page(fake.rows_of_every_kind(now), fake.material())),
        "sentence": ("projects/sentence.html", _sentence()),
        **panels(),
        "project-ready": ("projects/project.html", _page(all_ready, fake.material(), ended) | {"everywhere": _everywhere()}),
        "project-audio": ("projects/project.html", _page(all_ready, audio)),
        "project-text": ("projects/project.html", _page(all_ready, fake.material(recording_url=None, screenshots=[], timed=False), has_recording=False, duration_s=None)),
        "working": ("projects/project.html", _page(fake.rows_that_wait(), None, fake.ingest(), chapters=0, screenshots=0, language="")),
        "working-failed": ("projects/project.html", _page(fake.rows_that_wait(), None, failed, chapters=0, screenshots=0, language="")),
        "draft-blog": ("drafts/draft.html", _draft("blog")),
        "draft-busy": ("drafts/draft.html", busy),
        "draft-newsletter": ("drafts/draft.html", newsletter),
        "draft-twitter": ("drafts/thread.html", _thread("twitter", fake.POSTS)),
        "draft-linkedin": ("drafts/thread.html", _thread("linkedin", ["\n\n".join(fake.SENTENCES)])),
        "versions": ("drafts/versions.html", {**history, "versions": _versions(), "following": 1}),
        "compare": ("drafts/compare.html", {**history, **fake.difference()}),
        "conflict": ("drafts/conflict.html", {**history, **fake.difference(), "yours": side, "theirs": Thing(**vars(side) | {"n": 8, "author": "writer"})}),
        "account": ("account/account.html", account),
        "channels": ("account/channels.html", elsewhere),
        "channels-none": ("account/channels.html", elsewhere | refused | {"channels": [], "mail": False}),
        "channel": ("account/channel.html", {"one": told[1], "tries": tries, "tested": True, "key": ""}),
        "channel-new": ("account/channel.html", {"one": told[2], "tries": [], "tested": False, "key": "Xy" * 21 + "Z"}),
        "login": ("account/login.html", {"user": None, "email": "", "next": "/", "owned": False, "problem": Thing(message="E-mail or password is wrong.", hint="Try again.")}),
        "setup": ("account/setup.html", {"user": None, "url": "/setup/x", "name": "", "email": "", "problem": None, "expired": False}),
        "setup-expired": ("account/setup.html", {"user": None, "url": "/setup/x", "name": "", "email": "", "problem": None, "expired": True}),
        "error": ("error.html", {"status": 404, "message": "There is nothing at this address.", "hint": "It may have been deleted. Go back to your projects."}),
        "answer": ("_answer.html", {"pill": fake.pill("blog", "succeeded"), "others": [fake.ingest()], "actions": [all_ready[0].actions], "material": fake.material(), "head": None, "offered": None, "say": "Blog post: ready"}),
        "gone": ("_pill_gone.html", {"word": "Deleted", "text": "This project was deleted.", "link_url": "/", "link_label": "Go to your projects"}),
    }  # fmt: skip


def render(name: str) -> str:
    """One page as HTML, by the rules of the application: escaped, and nothing undefined."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["as_length"] = length
    environment.globals["static"] = static
    template, context = pages()[name]
    return environment.get_template(template).render({"user": fake.USER} | context)
