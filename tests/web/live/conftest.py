"""A Draftmill with a model that always answers."""

from collections.abc import Iterator

import pytest

from tests.support.house import QUICK, House, opened
from tests.support.model_server import ModelServer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = {
        "DRAFTMILL_LLM_BASE_URL": model.base_url,
        "DRAFTMILL_LLM_MODEL": "test",
        "DRAFTMILL_RETRY_DELAY_S": "0.2",
    }
    with opened(tmp_path_factory.mktemp("pills") / "data", **QUICK, **environ) as running:
        yield running
