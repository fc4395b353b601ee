"""What stands in the two slots of a task. What follows from a pill's state is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_actions import CONTENT_TYPES, Action, slot_id
from draftmill.jobs.job import ACTIVE
from draftmill.jobs.policies import FETCH, INGEST
from draftmill.web.views.steps import Step

REFRESH_S = 2  # without script, a page with a job at work is loaded anew


def label_of(task_type: str) -> str:
    """What a task type is called."""
    if task_type == FETCH:
        return "Model"
    content = CONTENT_TYPES.known(task_type)
    return content.label if content else "Transcription"


@dataclass(frozen=True)
class Button:
    """A form of one button. Its answer replaces the slot `target`; "" leads to another page."""

    label: str
    url: str
    id: str
    target: str
    fields: Mapping[str, str]
    kind: str = ""


@dataclass(frozen=True)
class Pill:
    """Slot one: the state of one task of one project, or the form that starts it.

    `status` is that of the job, "none" without one. A `panel` is the big one of an ingest, or of
    any job on its own page; else it is a row. `tone` is "busy", "good", "bad", "waiting" or
    "idle", `stage` what a running one is doing, `icon` a name in static/vendor/icons.svg, `clock` a mark that is filled in when
    answering. `problem` and `hint` say what failed and what to do, or why it waits; `above` is
    what a row says instead where the page has said that already. `waiting` counts the drafts
    that start by themselves with the next transcript. `anyway`
    offers a transcription in spite of the language. `open_url` leads to what the job made, `instead` to what can
    be had where it failed: beside a row it stands among the actions. `way_out` is (label, url) of what may help where
    trying again cannot.
    """

    project_id: str
    type: str
    label: str
    rev: int
    panel: bool = False
    own_page: bool = False
    about: str = ""
    about_at: str | None = None
    start: Action | None = None
    instead: Action | None = None
    status: str = "none"
    job_id: str = ""
    tone: str = "idle"
    icon: str = "clock"
    word: str = ""
    clock: str = ""
    stage: str = ""
    percent: int | None = None
    detail: str = ""
    problem: str | None = None
    hint: str | None = None
    above: str | None = None
    waiting: int = 0
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    cancellable: bool = False
    retryable: bool = False
    anyway: bool = False
    way_out: tuple[str, str] | None = None
    open_url: str = ""
    open_label: str = ""
    say: str = ""

    @property
    def slot_id(self) -> str:
        return slot_id(self.project_id, self.type)

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def template(self) -> str:
        """What is inside of the slot; "" leaves a panel without a job empty."""
        if not self.panel:
            return "_pill_row.html"
        return "_pill_panel.html" if self.job_id else ""

    @property
    def poll_url(self) -> str:
        """Where to ask for the next state; "" once the job has ended."""
        if not self.active:
            return ""
        return f"/jobs/{self.job_id}/{'page/' * self.own_page}pill"

    @property
    def details_url(self) -> str:
        """The page of the job, unless this is it."""
        return f"/jobs/{self.job_id}" if self.job_id and not self.own_page else ""

    @property
    def bar(self) -> bool:
        """Whether there is a bar: with `percent`, or moving while nobody can measure."""
        return self.status == "running"

    @property
    def goes_on(self) -> bool:
        """Whether the work goes on whatever becomes of the page: it is not being cancelled."""
        return self.active and self.cancellable

    @property
    def again(self) -> str:
        """What trying it again is called: what a person stopped has not failed."""
        return "Restart" if self.status == "cancelled" else "Retry"

    @property
    def failed(self) -> bool:
        return self.status == "failed"

    @property
    def has_message(self) -> bool:
        return bool(self.cause or self.detail or self.warnings)

    @property
    def cause(self) -> bool:
        """Whether a row says why, in whatever words."""
        return bool(self.problem or self.hint if self.above is None else self.above)

    @property
    def headline_icon(self) -> str:
        """A panel's, "" while a bar or the steps say enough."""
        waits_in_line = self.status == "pending" and self.tone == "idle"
        return "" if self.bar or waits_in_line else self.icon

    @property
    def headline_clock(self) -> str:
        """How long it waits stands beside the word, how long it works below."""
        return self.clock if self.tone == "waiting" else ""

    @property
    def below_headline(self) -> str:
        return self.detail or ("" if self.headline_clock else self.clock)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """What can be pressed now. On its own page a press leads to the job that answers."""
        if not self.job_id:
            return (self._start(self.start),) if self.start else ()
        buttons = []
        job_url, jobs_url = f"/jobs/{self.job_id}", f"/projects/{self.project_id}/jobs"
        if self.anyway:
            wishes = {"type": INGEST, "any_language": "1", "after_last": self.job_id}
            buttons.append(self._button("anyway", "Transcribe it anyway", jobs_url, **wishes))
        if self.retryable:
            buttons.append(self._button("retry", self.again, f"{job_url}/retry"))
        if self.instead and self.own_page:
            buttons.append(
                self._button("instead", self.instead.label, jobs_url, **self.instead.fields)
            )
        if self.cancellable:
            buttons.append(self._button("cancel", "Cancel", f"{job_url}/cancel", kind="ghost"))
        return tuple(buttons)

    def _start(self, start: Action) -> Button:
        return Button(start.label, start.url, start.id, self.slot_id, start.fields)

    def _button(self, name: str, label: str, url: str, kind: str = "", **fields: str) -> Button:
        if self.own_page:
            return Button(label, url, f"{name}-{self.slot_id}", "", {"then": "job", **fields}, kind)
        return Button(label, url, f"{name}-{self.slot_id}", self.slot_id, fields, kind)


@dataclass(frozen=True)
class Slot:
    """Slot two: what can be done with the draft. templates/_actions.html shows it."""

    slot_id: str
    rev: int
    items: tuple[Action, ...]


@dataclass(frozen=True)
class Row:
    """Both slots of one task type of one project."""

    type: str
    label: str
    pill: Pill
    actions: Slot
