"""A queue's consumer, in a process of its own."""

import sys
import threading
import time

import tasks
from draftmill.processes import children
from draftmill.settings import Settings
from draftmill.workers.consumers import beat_s


def work_on(queue: str, settings: Settings, because: str) -> int:
    """The consumer's process: beats for its parent, dies with it, works until SIGTERM.

    `because` says why what it finds at work was interrupted.
    """
    channel = children.beat_channel()
    children.die_with_parent()
    threading.Thread(target=_beat, args=(channel, beat_s(settings)), daemon=True).start()
    tasks.queue(queue, settings).consume(because)
    sys.stderr.flush()
    return 0


def _beat(channel: int, pause_s: float) -> None:
    while True:
        children.beat(channel, b".")
        time.sleep(pause_s)
