"""The one stage of the task type `noop`: it does what the instructions ask for, which is little."""

import time

from draftmill.drafts import generated
from draftmill.drafts.written import Written
from draftmill.errors import Problem
from draftmill.jobs.attempt import Attempt


class Tired(Problem):
    code = "tired"
    transient = True
    default_message = "The worker is tired."
    default_hint = "It is tried again by itself."


def rest(work: Attempt) -> None:
    """Keep one thing, write one sentence. "tired:2" fails twice before, "wait:go" waits for a file `go`."""
    wishes = str(work.job.parameters.get("instructions", "")).split()
    for wish, _, value in (wish.partition(":") for wish in wishes):
        if wish == "tired" and work.job.attempt <= int(value):
            raise Tired
        if wish == "wait":
            while not (work.settings.data.parent / value).exists():
                time.sleep(0.01)
    work.keep("rest", "nothing", {"kept": True})
    written = Written("Nothing", "Nothing was done.", "noop", {}, {})
    work.at_the_end(lambda db: str(generated.add_generated(db, work.job, written).n))
