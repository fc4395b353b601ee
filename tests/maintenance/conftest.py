"""A data folder to clean."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.data_folder import Homestead, homestead


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Homestead]:
    with homestead(tmp_path / "data") as home:
        yield home
