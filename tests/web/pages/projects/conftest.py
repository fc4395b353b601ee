"""A Draftmill with a model."""

from collections.abc import Iterator

import pytest

from tests.support.house import QUICK, House, opened
from tests.support.model_server import ModelServer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = QUICK | {
        "DRAFTMILL_LLM_BASE_URL": model.base_url,
        "DRAFTMILL_LLM_MODEL": "a-model",
    }
    with opened(tmp_path_factory.mktemp("projects") / "data", **environ) as running:
        yield running
