"""What does the work of a task type today: a model, here or on a server."""

from dataclasses import dataclass

from draftmill.jobs import policies
from draftmill.settings import Settings

WITHOUT_MODEL = "extractive"  # signs what was written without a language model


@dataclass(frozen=True)
class Engine:
    """A model's name, "" where none is needed, and the address of its server, "" for this machine."""

    model: str
    server: str = ""


def engine_of(
    settings: Settings, task_type: str, source: str, *, without_model: bool = False
) -> Engine:
    """What does a task type today, given what the project was made from."""
    if without_model:
        return Engine(WITHOUT_MODEL)
    if policies.of(task_type).needs_transcript:
        if settings.writer == "server":
            return Engine(settings.llm_model, settings.llm_base_url)
        if settings.writer == "inside":
            return Engine(settings.inside_model)
        return Engine(WITHOUT_MODEL)
    if source == "transcript":
        return Engine("")
    if settings.listens_on_server:
        return Engine(settings.transcribe_model, settings.transcribe_base_url)
    return Engine(settings.whisper_model)
