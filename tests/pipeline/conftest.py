"""The transcribe stage over a recording, and a minute of speech."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from draftmill.media.audio import AudioDecoder
from tests.support.places import SOUNDS
from tests.support.transcribe_stage import Made, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Made]:
    made: list[Stage] = []

    def make(sound: Path | NDArray[np.float32], **project: Any) -> Stage:
        made.append(Stage(tmp_path, sound, **project))
        return made[-1]

    yield make
    for one in made:
        one.db.close()


@pytest.fixture(scope="session")
def speech() -> NDArray[np.float32]:
    return np.concatenate([block.samples for block in AudioDecoder(SOUNDS / "english.opus")])
