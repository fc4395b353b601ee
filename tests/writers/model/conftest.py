"""A model server of our own, and a running job that asks it."""

from tests.support.draft_at_work import running_job, server, work

__all__ = ["running_job", "server", "work"]
