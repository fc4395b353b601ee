"""A film that is transcribed and has a draft."""

import httpx2
import pytest

from tests.support.house import House
from tests.support.projects import done, talk_file


@pytest.fixture(scope="module")
def talk(house: House, owner: httpx2.Client) -> str:
    """The owner's project of a short film, transcribed, with a draft."""
    project = house.upload(owner, talk_file(), types="blog")
    done(house, project, "ingest")
    done(house, project, "blog")
    return project
