"""A data folder to clean."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.data_folder import DataFolder, data_folder


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DataFolder]:
    with data_folder(tmp_path / "data") as home:
        yield home
