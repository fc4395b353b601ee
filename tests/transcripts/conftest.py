"""What a person does comes one thing after the other, never two in one millisecond."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from draftmill import clock


@pytest.fixture(autouse=True)
def clock_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    written, ticks = clock.written, count()

    def later(moment: datetime) -> str:
        return written(moment + timedelta(milliseconds=next(ticks)))

    monkeypatch.setattr(clock, "written", later)
