"""What several limits are tried with."""

from tests.support.draft_at_work import running_job, server, work

__all__ = ["running_job", "server", "work"]
