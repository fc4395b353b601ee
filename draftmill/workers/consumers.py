"""The processes that work on the queues: started, heard and started again by `serve`.

And what one that starts takes over from the one before it.
"""

import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import closing

from draftmill.database.connection import WORKER_PATIENCE_S, bell_of, connect
from draftmill.jobs import endings
from draftmill.jobs.queue import orphans
from draftmill.processes import children, exits
from draftmill.processes.doorbell import ring
from draftmill.settings import Settings

logger = logging.getLogger(__name__)
RESTARTS_S = (0.0, 0.5, 1.0, 2.0, 5.0)
FINE_AFTER_S = 60.0
STARTING = 6  # times that silence until the first beat: a loaded machine starts Python slowly
BEATS = 3  # in the silence that ends a worker, if it is well
FIRST_LOOK_S = 0.1  # between two looks for its first beat
QUIET = 0.5  # of the silence that ends a worker: it is called silent before


def beat_s(settings: Settings) -> float:
    """Seconds between two beats of a worker: few, for each wakes two processes."""
    return settings.tick_s * max(1, settings.consumer_silent_ticks // BEATS)


def take_over(settings: Settings, queue: str, because: str) -> None:
    """Interrupt the running jobs of a queue, `because` of what happened to its consumer, in words.

    Who starts owns the queue: the children of its predecessor died with it, and nobody is at
    work on what they did.
    """
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        for job in orphans(db, queue):
            children.end_strays("work", job.id)
            endings.crashed(db, job, because, settings.crash_delay_s)


class ConsumerProcess:
    """One queue's consumer, started again whenever it dies or falls silent."""

    def __init__(self, queue: str, settings: Settings, lock: int) -> None:
        self.queue = queue
        self.settings = settings
        self.lock = lock
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = self.in_a_row = 0
        self.start_at = self.started_at = self.looked_at = 0.0
        self.silent_ticks = 0.0
        self.heard = self.stopping = False
        self.last_end = self.because = ""
        self.kills = exits.MemoryKills.watch()

    def tend(self, moment: float) -> float:
        """Start it, or see whether it lives, from the main thread.

        Returns the seconds after which to call again, or as soon as a child of ours has ended.
        """
        if self.process is None:
            if moment >= self.start_at:
                self._start(moment)
        elif self.process.poll() is not None:
            self._bury(moment)
        else:
            self._listen(self.process, moment)
        if self.process is None:
            return max(0.0, self.start_at - moment)
        return self._quiet_s() if self.heard else FIRST_LOOK_S

    def _start(self, moment: float) -> None:
        # What it finds at work was interrupted by its predecessor's end.
        because = ("--because", self.because) if self.because else ()
        try:
            self.process = children.start_child(
                "worker",
                self.queue,
                *because,
                environ={"DRAFTMILL_DATA": str(self.settings.data)},
                pass_fds=(self.lock,),
            )
        except OSError:
            logger.exception("the %s worker could not be started", self.queue)
            self.start_at = moment + RESTARTS_S[-1]
            self.last_end = "could not be started"
            return
        assert self.process.stdout
        os.set_blocking(self.process.stdout.fileno(), False)
        self.started_at = self.looked_at = moment
        self.silent_ticks = 0.0
        self.heard = False

    def _bury(self, moment: float) -> None:
        assert self.process
        code = self.process.returncode
        self.last_end = f"ended with {code}"
        self.because = exits.reason(code, self.kills.moved, "its worker")
        self.kills = exits.MemoryKills.watch()
        self._close()
        ring(
            bell_of(self.settings.database)
        )  # it may have been killed between a commit and its bell
        if moment - self.started_at > FINE_AFTER_S:
            self.in_a_row = 0
        delay_s = RESTARTS_S[min(self.in_a_row, len(RESTARTS_S) - 1)]
        logger.warning(
            "the %s worker %s and is started again in %g s", self.queue, self.last_end, delay_s
        )
        self.start_at = moment + delay_s
        self.in_a_row += 1
        self.restarts += 1

    def _listen(self, process: subprocess.Popen[bytes], moment: float) -> None:
        """Count ticks without a beat, few between two looks: a machine that was paused kills nobody."""
        assert process.stdout
        passed_s = min(moment - self.looked_at, self._quiet_s())
        self.looked_at = moment
        if process.stdout.read(4096):
            self.silent_ticks = 0.0
            self.heard = True
        else:
            self.silent_ticks += passed_s / self.settings.tick_s
        limit = self.settings.consumer_silent_ticks * (1 if self.heard else STARTING)
        if self.silent_ticks >= limit:
            logger.warning("the %s worker stopped answering and is ended", self.queue)
            children.end_group(process.pid)

    def _quiet_s(self) -> float:
        """Seconds of silence after which it is called silent: no look comes later than that."""
        return self.settings.tick_s * max(1, self.settings.consumer_silent_ticks * QUIET)

    def stop(self) -> None:
        """Ask it to end, once: a second signal would cut its clean stop short."""
        if self.process and self.process.poll() is None and not self.stopping:
            self.stopping = True
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            children.end_group(self.process.pid)

    def health(self) -> dict[str, object]:
        """Whether it works, and what became of those before it."""
        running = self.process is not None and self.process.poll() is None
        silent = self.silent_ticks * self.settings.tick_s >= self._quiet_s()
        state = (
            "down" if not running else "silent" if silent else "ok" if self.heard else "starting"
        )
        return {
            "alive": state == "ok",
            "state": state,
            "restarts": self.restarts,
            "last_end": self.last_end or None,
        }

    def _close(self) -> None:
        assert self.process
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process = None


def health(consumers: Sequence[ConsumerProcess]) -> dict[str, dict[str, object]]:
    """How each queue's worker is, for /readyz."""
    return {consumer.queue: consumer.health() for consumer in consumers}
