"""A Draftmill with its workers, whose drafts a test's model writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.house import QUICK, House, opened
from tests.support.model_server import ModelServer


@contextmanager
def written_house(folder: Path, model: ModelServer) -> Iterator[House]:
    """At work until the end of the block, with its data in a folder of its own."""
    environ = {"DRAFTMILL_LLM_BASE_URL": model.base_url, "DRAFTMILL_LLM_MODEL": "test"}
    with opened(folder / "data", **QUICK, **environ) as running:
        yield running
