"""The house of the pills' tests: a Draftmill with a model that always answers."""

from tests.web.views.pills.conftest import house

__all__ = ["house"]
