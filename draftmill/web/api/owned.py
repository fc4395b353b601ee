"""What is at an address, if it is the user's own: to look it up is to check the permission.

Each raises NotFound, also for what is another's: nobody can tell which.
"""

import sqlite3

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from draftmill.errors import NotFound
from draftmill.jobs.job import Job, job_for
from draftmill.projects.project import project_for
from draftmill.web.api.operations import Call
from draftmill.web.services import services_of
from draftmill.web.states import State


def project(call: Call) -> sqlite3.Row:
    """The project in the address."""
    return project_for(call.db, call.user.id, call.path["project_id"])


def job(call: Call) -> Job:
    """The job in the address."""
    return job_for(call.db, call.user.id, call.path["job_id"])


async def state(request: Request) -> State:
    """The state of the job in the address. Touches no database once the job is known."""
    found = await state_if_any(request)
    if found is None:
        raise NotFound
    return found


async def state_if_any(request: Request) -> State | None:
    """The same; None if there is no such job (any more)."""
    states = services_of(request).states
    user_id, job_id = request.state.user.id, request.path_params["job_id"]
    return states.get(user_id, job_id) or await run_in_threadpool(states.read, user_id, job_id)
