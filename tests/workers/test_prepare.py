"""What the supervisor sees to before a job's child begins."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from draftmill.models import running
from draftmill.settings import Settings
from draftmill.workers.supervisor import prepare_for


class Draft:
    """As much of a job as tells whether a model is needed."""

    type = "blog"

    def __init__(self, *, without_model: bool) -> None:
        self.without_model = without_model


@pytest.mark.parametrize("without_model", [True, False])
def test_an_outline_that_is_wished_for_starts_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_model: bool
) -> None:
    started: list[str] = []
    monkeypatch.setattr(running, "start", lambda _, model: started.append(model))
    settings = replace(Settings(data=tmp_path), writing_with="inside", inside_model="m.gguf")
    job: Any = Draft(without_model=without_model)
    prepare_for(settings, job)
    assert started == ([] if without_model else ["m.gguf"])
