"""Jobs that nothing will start any more, and those that nothing was heard of for too long."""

import json
import sqlite3

from draftmill.clock import now
from draftmill.jobs import policies
from draftmill.jobs.policies import LONGEST_WAIT_S, POLICIES, QUEUES
from draftmill.settings import Settings

# Jobs that are at work, due, or wait for such a one.
FREED = """
freed (id) as (
  select id from jobs where status = 'running' or status = 'pending' and waits = 0
  union select jobs.id from freed join jobs on jobs.after_job_id = freed.id
   where jobs.status = 'pending')
"""

# Pending jobs that nothing will ever start, and why.
IN_VAIN = f"""
with recursive {FREED}
select id, type, case
  when queue not in (select value from json_each(:queues)) then 'no worker serves its queue'
  when id not in (select id from freed) then 'what it waits for will not free it'
  else 'it is to wait longer than any job may' end as reason
from jobs where status = 'pending' and (
  queue not in (select value from json_each(:queues)) or id not in (select id from freed)
  or run_after > :longest and not coalesce(:now < delayed_at, 0))
order by n
"""

# Running jobs that nothing was heard of for longer than any supervisor would bear.
UNHEARD = """
select id, type, attempt, updated_at from jobs where status = 'running' and updated_at < :heard
"""


def in_vain(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Pending jobs that nothing will start: id, type, reason."""
    longest = now(2 * LONGEST_WAIT_S)
    values = {"queues": json.dumps(QUEUES), "now": now(), "longest": longest}
    return db.execute(IN_VAIN, values).fetchall()


def unheard(db: sqlite3.Connection, before: str) -> list[sqlite3.Row]:
    """Running jobs that changed nothing since `before`: id, type, attempt, updated_at."""
    return db.execute(UNHEARD, {"heard": before}).fetchall()


def unheard_after_s(settings: Settings) -> float:
    """How long a running job may be silent: longer than any supervisor would have let it."""
    longest = max(policy.patience_s or 0.0 for policy in (policies.DEFAULT, *POLICIES.values()))
    return 1.25 * max(settings.patience_total_s, settings.patience_s, longest)
