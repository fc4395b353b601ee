"""A model server of our own, and a running job that asks it."""

import pytest

from draftmill.writers.model import refusals
from tests.support.draft_at_work import running_job, server, work

__all__ = ["running_job", "server", "work"]


@pytest.fixture
def whatever_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of an answer's form: nothing is refused for what it claims."""
    monkeypatch.setattr(refusals, "MOST_WEAK", 1.0)
