"""A project that somebody owns, with a hostile title, and every address of it."""

import re

from starlette.routing import Route

from tests.support.house import House

HOSTILE = "<script>alert(1)</script><b onclick=x>"


class Owned:
    """What the owner has, as values of the parameters in addresses."""

    def __init__(self, house: House, project: str) -> None:
        job = house.one("select id from jobs where project_id = ? and type = 'blog'", project)
        token = house.one("select id from api_tokens")
        channel = house.one("select id from channels")
        assert job
        assert token
        assert channel
        self.project = project
        self.values = {
            "project_id": project, "job_id": job["id"], "type": "blog", "n": "1", "ending": "md",
            "token": "none", "token_id": str(token["id"]), "upload_id": "none",
            "channel_id": str(channel["id"]), "name": "none", "hash": "none", "second": "1",
        }  # fmt: skip

    def address(self, route: Route) -> str:
        values = self.values | ({"ending": "txt"} if "transcript" in route.path else {})
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: values[found[1]], route.path)
