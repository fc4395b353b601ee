"""The models of this machine for programs: listed, downloaded, deleted. Only the owner's may.

Which of them writes or listens is a setting.
"""

from draftmill.accounts.users import check_owner
from draftmill.errors import NotFound
from draftmill.jobs.job import Job
from draftmill.models.catalogue import offers
from draftmill.projects import cancelling, fetching
from draftmill.projects.project import row_of
from draftmill.web.api import model_shapes as shapes
from draftmill.web.api import representations
from draftmill.web.api.job_shapes import Job as JobShape
from draftmill.web.api.jobs import started_reply
from draftmill.web.api.operations import Call, Reply
from draftmill.web.views.models import KINDS, Entry, shown


def list_all(call: Call) -> Reply:
    """GET: those that lie here, and those that can be had."""
    check_owner(call.user)
    offers(call.settings)  # a program is told of a table that is wrong
    found = [one for kind in KINDS for one in shown(call.db, call.settings, call.user.id, kind)]
    return Reply(200, shapes.ModelList(items=[_shape(call, one) for one in found]))


def get(call: Call) -> Reply:
    """POST: 202 with the job that downloads it, 200 with the one that is at work."""
    check_owner(call.user)
    name = call.path["name"]
    return started_reply(call, fetching.fetch(call.db, call.settings, call.user.id, name))


def cancel(call: Call) -> Reply:
    """POST: end its download, with what has come; an ended one stays as it is."""
    check_owner(call.user)
    last = fetching.last_job(call.db, call.user.id, call.path["name"])
    if last is None:
        raise NotFound
    job = cancelling.cancel(call.db, call.settings, last)
    return Reply(200, _job(call, job), jobs=(job.id,))


def delete(call: Call) -> Reply:
    """DELETE: its files; of the table, or a file that somebody put there."""
    check_owner(call.user)
    fetching.delete(call.db, call.settings, call.user.id, call.path["name"])
    return Reply(204)


def _shape(call: Call, one: Entry) -> shapes.Model:
    last = fetching.last_job(call.db, call.user.id, one.name)
    told = {name: getattr(one, name) for name in shapes.TOLD}
    return shapes.Model(**told, download=_job(call, last) if last else None)


def _job(call: Call, job: Job) -> JobShape:
    return representations.job(call.db, row_of(call.db, job.project_id), job)
