"""Sleeping until any process rings, instead of asking every few milliseconds."""

import logging
import os
import select
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotify_simple import INotify

logger = logging.getLogger(__name__)
PROOF_MS = 500


def ring(file: Path) -> None:
    """Wake whoever listens to a file: it is opened and closed, and made if need be. Never fails.

    Nothing is written, so the disk has nothing to do.
    """
    with suppress(OSError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


class Doorbell:
    """Hears that a file was rung. For one thread.

    Linux tells of it (inotify). Where nobody does, or as long as the system's watches are used up,
    no wait is longer than `blind_s`: whoever waits looks for itself, as often as that.
    """

    def __init__(self, file: Path, blind_s: float) -> None:
        self._file = file
        self._blind_s = blind_s
        self._told = self._deaf = False
        self.ended = False
        self._end, self._ender = os.pipe()
        self._ear: INotify | None = None

    def wait(self, most_s: float) -> bool:
        """Sleep until it rings, for so many seconds at most. Whether it rang, as far as is known.

        The first time it only begins to listen: what was written before is not heard.
        """
        sleeper = select.poll()
        sleeper.register(self._end, select.POLLIN)
        if self._ear is None:
            self._ear = self._listen()
            if self._ear is None:
                sleeper.poll(min(most_s, self._blind_s) * 1000)
            return False
        sleeper.register(self._ear, select.POLLIN)
        ready = {descriptor for descriptor, _ in sleeper.poll(most_s * 1000)}
        return self._ear.fileno() in ready and self._heard(self._ear)

    def end(self) -> None:
        """No wait sleeps from now on. Any thread may call."""
        self.ended = True
        os.write(self._ender, b".")

    def close(self) -> None:
        """Give back what it took of the system, when nobody waits any more."""
        for descriptor in (self._end, self._ender):
            os.close(descriptor)
        if self._ear:
            self._ear.close()

    def _heard(self, ear: "INotify") -> bool:
        """Whether one of the events is of our file, or says that some were lost."""
        from inotify_simple import flags

        events = ear.read(timeout=0)
        if any(event.mask & (flags.IGNORED | flags.MOVE_SELF) for event in events):
            # The folder is gone. Another may come in its place, and is heard by a new watch.
            ear.close()
            self._ear = None
        return any(event.name in ("", self._file.name) for event in events)

    def _listen(self) -> "INotify | None":
        if sys.platform != "linux" or self._deaf:
            return None
        from inotify_simple import INotify, flags

        ear = None
        try:
            if not _tells_of(self._file.parent):
                self._deaf = True
                self._tell("its file system tells of none")
                return None
            ear = INotify()
            # The folder, not the file: that may not be there yet, or be another one tomorrow.
            heard = flags.CLOSE_WRITE | flags.MOVE_SELF | flags.ONLYDIR
            ear.add_watch(self._file.parent, heard)
        except OSError as error:
            if ear:
                ear.close()
            self._tell(error.strerror)
            return None
        return ear

    def _tell(self, why: str | None) -> None:
        if not self._told:
            self._told = True
            logger.warning(
                "no word of changes of %s (%s): it is looked at every %g s",
                self._file,
                why,
                self._blind_s,
            )


def _tells_of(folder: Path) -> bool:
    """Whether a change is heard of at all: there are file systems that take a watch and say nothing."""
    from inotify_simple import INotify, flags

    with INotify() as ear:
        ear.add_watch(folder, flags.ATTRIB)
        try:
            os.utime(folder)
        except OSError:
            return True  # it is not ours to touch
        return bool(ear.read(timeout=PROOF_MS))
