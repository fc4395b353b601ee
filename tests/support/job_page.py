"""Jobs behind the page of a job: one at work, one that failed, and what they logged."""

import httpx2

from tests.support.browser import newest_job
from tests.support.house import House
from tests.support.model_server import ModelServer, fails

HOSTILE = "<script>alert(1)</script>"


def start(house: House, client: httpx2.Client, project: str, **fields: str) -> str:
    """Start a blog post; the job's id."""
    form = {"type": "blog", **fields}
    assert client.post(f"/projects/{project}/jobs", data=form).status_code == 303
    return newest_job(house, project, "blog")


def failed(house: House, client: httpx2.Client, project: str, model: ModelServer) -> str:
    """A job that failed for a refused key."""
    model.then(fails(401, "invalid_api_key"))
    job = start(house, client, project, instructions=f"Shorter {HOSTILE}")
    assert house.ended(job)["status"] == "failed"
    return job


def jobs_of(house: House, project: str) -> list[str]:
    query = "select id from jobs where project_id = ? and type = 'blog' order by n"
    return [row["id"] for row in house.rows(query, project)]


def lines_of(house: House, job: str) -> list[str]:
    rows = house.rows("select message from job_logs where job_id = ? order by id", job)
    return [row["message"] for row in rows]
