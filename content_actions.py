"""What Draftmill can write: one row a content type, and the buttons that belong to it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Literal

from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.policies import lies_in_the_model


def has_draft(db: sqlite3.Connection, project_id: str, task_type: str) -> bool:
    """Whether a project has a draft of a type."""
    row = db.execute(
        "select 1 from drafts where project_id = ? and type = ? and version_id is not null",
        (project_id, task_type),
    ).fetchone()
    return row is not None


@dataclass(frozen=True)
class ContentType:
    """One kind of draft.

    `shape` is "article" (Markdown) or "posts" (a list of texts). `limit` is the most
    characters of one post, counted as `count` says: "plain" counts characters, "x" as
    X weighs them; 0 means no limit. `title_limit` bounds the title (a newsletter's
    subject line); `has_preview` asks for a preview text. `exists` tells whether there is
    content of this type already, and `button` what the way to it is called. `layout` names the outline
    writer's arrangement, `prompt` the model's template in templates/prompts/.

    The rest is the owner's: `task` is what the template OWNED asks for, in version `prompt_n` of
    that text; `on` says that it is offered, `every` that it is chosen beforehand for a new
    recording, `position` where it stands among the others.
    """

    type: str
    label: str
    summary: str
    shape: Literal["article", "posts"]
    layout: Literal["outline", "digest", "thread", "post"]
    prompt: str
    button: Literal["Edit", "View"]
    limit: int = 0
    max_posts: int = 1
    count: Literal["plain", "x"] = "plain"
    title_limit: int = 0
    has_preview: bool = False
    exists: Callable[[sqlite3.Connection, str, str], bool] = has_draft
    task: str = ""
    prompt_n: int = 0
    on: bool = True
    every: bool = True
    deleted: bool = False
    position: int = 0

    @property
    def owned(self) -> bool:
        """Whether the owner may change all of it, not only switch and move it."""
        return self.prompt == OWNED


class ContentTypes(MutableMapping[str, ContentType]):
    """What can be written now, in its order: the program's rows, and what the owner made of them.

    A process hears of the owner's rows by `refresh`; any thread may read meanwhile. What is off or
    deleted is no row, yet `known` finds it: what was written with it stays to be read.
    """

    def __init__(self, rows: Iterable[ContentType]) -> None:
        self._program = {row.type: row for row in rows}
        self.refresh(())

    def __getitem__(self, type: str) -> ContentType:
        return self._on[type]

    def __setitem__(self, type: str, row: ContentType) -> None:
        self._program[type] = row
        self.refresh(row for row in self._known.values() if row.type != type)

    def __delitem__(self, type: str) -> None:
        del self._program[type]
        self.refresh(row for row in self._known.values() if row.type != type)

    def __iter__(self) -> Iterator[str]:
        return iter(self._on)

    def __len__(self) -> int:
        return len(self._on)

    @property
    def program(self) -> Mapping[str, ContentType]:
        """The rows as the program has them, before the owner changed anything."""
        return self._program

    def known(self, type: str) -> ContentType | None:
        """A row, also one that is off or deleted."""
        return self._known.get(type)

    def all_known(self) -> tuple[ContentType, ...]:
        """The same, all of them."""
        return tuple(self._known.values())

    def refresh(self, rows: Iterable[ContentType]) -> None:
        """Take these rows, beside the program's or in place of them."""
        found = {**self._program, **{row.type: row for row in rows}}
        self._known = {row.type: row for row in sorted(found.values(), key=lambda r: r.position)}
        self._on = {row.type: row for row in self._known.values() if row.on and not row.deleted}


OWNED = "_owned.md"
CONTENT_TYPES = ContentTypes(
    (
        ContentType(
            type="blog",
            label="Blog post",
            summary="Chapters, quotations and pictures",
            shape="article",
            layout="outline",
            prompt="blog.md",
            button="Edit",
        ),
        ContentType(
            type="newsletter",
            label="Newsletter",
            summary="Subject, preview and five points",
            shape="article",
            layout="digest",
            prompt="newsletter.md",
            button="Edit",
            title_limit=60,
            has_preview=True,
        ),
        ContentType(
            type="twitter",
            label="X thread",
            summary="Up to 12 posts of 280 characters",
            shape="posts",
            layout="thread",
            prompt="twitter.md",
            button="View",
            limit=280,
            max_posts=12,
            count="x",
        ),
        ContentType(
            type="linkedin",
            label="LinkedIn post",
            summary="One post of up to 3,000 characters",
            shape="posts",
            layout="post",
            prompt="linkedin.md",
            button="Edit",
            limit=3000,
        ),
    )
)


@dataclass(frozen=True)
class Action:
    """A button or link: where it leads and what it sends. `target` is the slot it fills.

    `asks` says that a person may add instructions before it is sent.
    """

    label: str
    method: Literal["GET", "POST"]
    url: str
    id: str
    primary: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    asks: bool = False


@dataclass(frozen=True)
class ContentActions:
    """What can be done with one content type: `start` in the first slot, `items` in the second."""

    start: Action | None
    items: tuple[Action, ...]

    @property
    def instead(self) -> Action | None:
        """What is offered where the model failed."""
        return next((action for action in self.items if "without_model" in action.fields), None)


def slot_id(project_id: str, task_type: str) -> str:
    """The id of slot one: the form, or the pill of the newest job."""
    return f"job-{project_id}-{task_type}"


def actions_id(project_id: str, task_type: str) -> str:
    """The id of slot two: what can be done with the draft."""
    return f"actions-{project_id}-{task_type}"


@dataclass(frozen=True)
class Project:
    """A project as the builder sees it: what it needs is read from the rows when it is needed.

    `takes_instructions` says that there is a language model to follow them.
    """

    db: sqlite3.Connection
    id: str
    has_transcript: bool
    takes_instructions: bool = True


def build_content_actions(project: Project, task_type: str) -> ContentActions:
    """The actions of one content type in one project: for the page, the POST answer and the poll."""
    content = CONTENT_TYPES.known(task_type)
    if content is None:
        return ContentActions(None, ())
    job = newest_job(project.db, project.id, task_type)
    exists = content.exists(project.db, project.id, task_type)
    offered = content.type in CONTENT_TYPES
    if job is None and not exists and offered:
        label = "Generate" if project.has_transcript else "Generate when ready"
        return ContentActions(_generate(project, content, None, label), ())
    items: list[Action] = []
    if exists:
        items.append(_open(project, content, primary=job is None or not job.active))
        if offered and (job is None or job.status == "succeeded"):
            items.append(_generate(project, content, job, "Generate again"))
    if job is not None and _model_failed(project, job):
        items.append(_outline(project, content, job))
    return ContentActions(None, tuple(items))


def _model_failed(project: Project, job: Job) -> bool:
    """Whether a draft failed that an outline could stand for: the transcript is there."""
    failed = job.status == "failed" and lies_in_the_model(job.error_code)
    has_model = project.takes_instructions and not job.without_model
    return failed and has_model and project.has_transcript


def _outline(project: Project, content: ContentType, job: Job) -> Action:
    return Action(
        "Write an outline instead",
        "POST",
        f"/projects/{project.id}/jobs",
        f"outline-{project.id}-{content.type}",
        fields={"type": content.type, "after_last": job.id, "without_model": "1"},
        target=slot_id(project.id, content.type),
    )


def _open(project: Project, content: ContentType, primary: bool) -> Action:
    url = f"/projects/{project.id}/drafts/{content.type}"
    return Action(content.button, "GET", url, f"open-{project.id}-{content.type}", primary)


def _generate(project: Project, content: ContentType, job: Job | None, label: str) -> Action:
    return Action(
        label,
        "POST",
        f"/projects/{project.id}/jobs",
        f"generate-{project.id}-{content.type}",
        fields={"type": content.type, "after_last": job.id if job else ""},
        target=slot_id(project.id, content.type),
        asks=job is not None and project.takes_instructions,
    )
