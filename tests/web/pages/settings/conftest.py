"""A house of its own for the settings: what is chosen in one file is no other's."""

from collections.abc import Iterator

import pytest

from tests.support.house import QUICK, House, opened


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("chosen") / "data", **QUICK) as running:
        yield running
