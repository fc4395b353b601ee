"""Rounds of the janitor over a data folder, and that everything is sound after them."""

from dataclasses import replace

from draftmill.maintenance import invariants
from draftmill.maintenance.janitor import Janitor
from draftmill.maintenance.rounds import Report
from tests.support.data_folder import DataFolder


def clean(home: DataFolder, **settings: float) -> Report:
    return Janitor(replace(home.settings, **settings)).clean(home.db)


def sound(home: DataFolder) -> None:
    assert invariants.broken(home.db, home.settings, orphans_after_s=0) == []
