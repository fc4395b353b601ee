"""A house with a model, and a kind of draft of its owner's."""

from collections.abc import Iterator

import pytest

from tests.support.content_types import answers_in_form
from tests.support.house import House
from tests.support.model_server import ModelServer
from tests.support.written_house import written_house


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(otherwise=answers_in_form) as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    with written_house(tmp_path_factory.mktemp("kinds"), model) as running:
        yield running
