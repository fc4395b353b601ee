"""A progress bar on a terminal; on anything else, a line a stage."""

import sys
import threading
from types import TracebackType

from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.stages import stages_of

WIDTH = 30
REDRAW_S = 0.2


class Bar:
    """Shows the progress of one job on standard error while its block runs."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._terminal = sys.stderr.isatty()
        self._told = ""

    def __enter__(self) -> "Bar":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        db = connect(self._attempt.settings.database, WORKER_PATIENCE_S)
        while not self._stop.wait(REDRAW_S):
            row = db.execute(
                "select step from jobs where id = ?", (self._attempt.job.id,)
            ).fetchone()
            job = self._attempt.job
            stages = stages_of(job.type, self._attempt.project["source"], job.parameters)
            self._tell(stages[min(row["step"], len(stages) - 1)].label)
        db.close()
        if self._terminal:
            self._put("\r\033[K")

    def _tell(self, label: str) -> None:
        if self._attempt.job.type != "ingest":
            label = f"{label}: {self._attempt.job.type}"
        if self._terminal:
            self._put(f"\r\033[K{label} {self._drawn()}")
        elif label != self._told:
            self._put(f"{label}\n")
        self._told = label

    def _drawn(self) -> str:
        latest = self._attempt.latest()
        if not latest or not latest[1]:
            return ""
        share = min(latest[0] / latest[1], 1.0)
        full = int(share * WIDTH)
        return f"[{'=' * full}{' ' * (WIDTH - full)}] {int(share * 100)} %"

    def _put(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
