"""What happens to whoever looks on: a house with a model, a project, and a page of its owner."""

from tests.web.conftest import page, project, projects
from tests.web.views.pills.conftest import house

__all__ = ["house", "page", "project", "projects"]
