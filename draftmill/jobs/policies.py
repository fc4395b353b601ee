"""What the life cycle must know of a task type: its queue, its retries, its patience."""

from dataclasses import dataclass

INGEST = "ingest"
FETCH = "model"  # bringing a model onto this machine
LONGEST_WAIT_S = 3600.0  # that a server may ask for before a retry
# The codes of problems that lie in the recording: trying again cannot help, another file can.
OF_THE_RECORDING = frozenset(
    {"not_media", "playlist", "empty_file", "end_missing", "damaged", "no_audio", "encrypted"}
    | {"no_samples", "no_sound", "no_speech"}
)

# What else a model that fails can end in: it hangs, or takes the memory that its draft needs.
OF_A_CHILD = frozenset({"no_progress", "crashed", "out_of_memory"})


@dataclass(frozen=True)
class Policy:
    """How jobs of one type are run.

    `retries` bounds transient failures in a row, `crashes` crashes in a row without a
    commit, `crashes_in_all` crashes of any kind. `delays_s` are the waits before each
    retry. `patience_s` is the longest time without measured progress; None takes the
    setting. `needs_transcript` makes a job wait for the project's ingest.
    """

    queue: str = "writing"
    needs_transcript: bool = True
    retries: int = 3
    delays_s: tuple[float, ...] = (1.0, 4.0, 16.0)
    crashes: int = 3
    crashes_in_all: int = 10
    patience_s: float | None = None


QUEUES = ("media", "writing")
DEFAULT = Policy()
POLICIES: dict[str, Policy] = {
    INGEST: Policy(queue="media", needs_transcript=False),
    FETCH: Policy(needs_transcript=False, retries=6, delays_s=(1.0, 4.0, 16.0, 60.0)),
}


def of(task_type: str) -> Policy:
    """The policy of a task type; every added content type has the default."""
    return POLICIES.get(task_type, DEFAULT)


def lies_in_the_model(error_code: str | None) -> bool:
    """Whether a draft without a model may succeed where this one failed."""
    return error_code is not None and (error_code.startswith("model_") or error_code in OF_A_CHILD)


def queue_of(task_type: str, source: str) -> str:
    """The queue of a job, given what its project was made from.

    A transcript that was brought is read in a moment: it waits behind nobody's recording.
    """
    return DEFAULT.queue if source == "transcript" else of(task_type).queue
