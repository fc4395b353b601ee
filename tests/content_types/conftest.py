"""A house with a model, and a kind of draft of its owner's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.content_types import answers_in_form
from tests.support.house import QUICK, House, opened
from tests.support.model_server import ModelServer


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(otherwise=answers_in_form) as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = {"DRAFTMILL_LLM_BASE_URL": model.base_url, "DRAFTMILL_LLM_MODEL": "test"}
    folder: Path = tmp_path_factory.mktemp("kinds")
    with opened(folder / "data", **QUICK, **environ) as running:
        yield running
