"""The process that runs a model: started by whoever looks after drafts, reached by their children.

Each model has a file that says where its process listens. The process holds a lock on that file as
long as it lives, so that two never run the same model, and nobody waits for one that has died.
"""

import fcntl
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from draftmill.errors import Problem
from draftmill.models import room
from draftmill.processes import children, exits
from draftmill.settings import Settings

LOOK_S = 0.1
TRIES = 20  # to take a lock that somebody may only be looking at
LAST_WORDS_S = 1.0  # until whoever started a process has written down how it ended
SILENT_S = 1800.0  # it reads so long, on the slowest machine, before it says the next word
FAILED, PORT, CONTEXT, LOADER = "failed", "port", "context", "loader"
MOST_LOADED = 99  # percent, of what is still being loaded


class ModelStopped(Problem):
    code = "model_stopped"
    transient = True
    default_message = "The language model of this machine stopped."
    default_hint = "Press Retry: it is started again. If it stops again, choose a smaller model."


class ModelOutOfMemory(Problem):
    code = "model_out_of_memory"
    transient = True
    default_message = "The language model of this machine ran out of memory."
    default_hint = "Close other programs, or choose a smaller model in the settings, “Writing”; then press Retry."


class ModelLacksMemory(ModelOutOfMemory):
    """It was not even begun, for want of memory."""

    code = "model_lacks_memory"


class ModelNotRunnable(Problem):
    code = "model_not_runnable"
    default_message = "The language model cannot be loaded."
    default_hint = "Delete its file and download it again, or choose another model."


PROBLEMS = {
    kind.code: kind for kind in (ModelStopped, ModelOutOfMemory, ModelLacksMemory, ModelNotRunnable)
}


@dataclass(frozen=True)
class Running:
    """Where a model listens on this machine, for whoever knows the key. `context` is in tokens."""

    port: int
    key: str = field(repr=False)
    model: str
    context: int
    pid: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def start(settings: Settings, file: str) -> threading.Thread | None:
    """See that a process runs the model of a file; it ends with the thread that calls this.

    One that is there already is taken as it is, and one with another model leaves when it has
    nothing to do. One that died for lack of memory comes back with a shorter context. Returns a
    thread that ends with the process, None for one that was there. Raises OSError when no process
    can be had.
    """
    for other in settings.running.glob("*.json"):
        if other != _file(settings, file):
            leave(other)
    with _opened(_file(settings, file)) as held:
        if not _lock(held):
            return None
        too_long = _context_that_failed(_file(settings, file))
        held.truncate(0)
        process = children.start_child(
            "model",
            "run",
            file,
            str(held.fileno()),
            str(too_long),
            environ={
                "DRAFTMILL_DATA": str(settings.data.absolute()),
                "DRAFTMILL_MODELS_FOLDER": str(settings.models.absolute()),
            },
            pass_fds=(held.fileno(),),
        )
    watched = (process, _file(settings, file), exits.MemoryKills.watch())
    burial = threading.Thread(target=_bury, args=watched, daemon=True)
    burial.start()
    return burial


def start_and_keep(settings: Settings, file: str) -> None:
    """The same for a thread that may end before the model does: one that waits for it starts it."""
    begun = threading.Event()

    def keep() -> None:
        try:
            burial = start(settings, file)
        finally:
            begun.set()
        if burial:
            burial.join()

    threading.Thread(target=keep, daemon=True).start()
    begun.wait()


def reach(settings: Settings, file: str, waiting: Callable[[], None]) -> Running:
    """The process that was started, once its model is loaded; `waiting` is called meanwhile.

    Raises the Problem that says why there is none.
    """
    place = _file(settings, file)
    while True:
        alive, said = _alive(place), _said(place)
        if alive and PORT in said:
            os.utime(place)
            return Running(**said)
        if not alive:
            raise ended(settings, file)
        waiting()
        time.sleep(LOOK_S)


def at_hand(settings: Settings, waiting: Callable[[], None]) -> Settings:
    """The settings with the process of the chosen model as their server, once it is reached."""
    place = reach(settings, settings.inside_model, waiting)
    return replace(
        settings,
        llm_base_url=place.base_url,
        llm_model=place.model,
        llm_api_key=place.key,
        llm_context=place.context,
        llm_timeout_s=SILENT_S,
    )


def touch(settings: Settings, file: str) -> None:
    """Somebody uses the model: its idle time begins anew."""
    with suppress(OSError):
        os.utime(_file(settings, file))


def runs(settings: Settings, file: str) -> bool:
    """Whether a process runs this model, or loads it."""
    return _alive(_file(settings, file))


def ended(settings: Settings, file: str) -> Problem:
    """Why the process of a model is not there any more, as far as anybody knows."""
    place, until = _file(settings, file), time.monotonic() + LAST_WORDS_S
    while not (said := _said(place)).get(FAILED) and time.monotonic() < until:
        time.sleep(LOOK_S)
    kind = PROBLEMS.get(str(said.get(FAILED, "")), ModelStopped)
    return kind(said.get("message"), said.get("hint"))


def leave(place: Path) -> None:
    """Ask a process to end as soon as it has nothing to do."""
    said = _said(place)
    if PORT in said and _alive(place):
        with suppress(ProcessLookupError):
            os.kill(int(said["pid"]), signal.SIGTERM)


def any_runs(settings: Settings) -> bool:
    """Whether a process runs any model, or loads it."""
    return any(map(_alive, settings.running.glob("*.json")))


def leave_all(settings: Settings) -> None:
    """Somebody else needs the memory: whatever has nothing to do ends."""
    for place in settings.running.glob("*.json"):
        leave(place)


def say(descriptor: int, words: Running | Problem, context: int = 0) -> None:
    """Write into a process's file where it listens, or why it does not; it had this context."""
    if isinstance(words, Problem):
        told = {FAILED: words.code, "message": words.message, "hint": words.hint}
        _write(descriptor, told | {CONTEXT: context})
    else:
        _write(descriptor, asdict(words))


def say_loading(descriptor: int, context: int) -> None:
    """Write down with which context we load a model: whoever is ended by the system says no more."""
    _write(descriptor, {CONTEXT: context, LOADER: os.getpid()})


def percent_loaded(settings: Settings, file: str) -> int | None:
    """How much of a model's file its process has in memory while it loads; None where nobody can tell."""
    try:
        loader = int(_said(_file(settings, file))[LOADER])
        resident = room.resident_memory(loader)
        return min(100 * resident // (settings.models / file).stat().st_size, MOST_LOADED)
    except (KeyError, OSError, ValueError, ZeroDivisionError):
        return None


@contextmanager
def turn(settings: Settings, file: str, waiting: Callable[[], None]) -> Iterator[None]:
    """One draft at a time: a model that is asked by two makes both wait twice as long."""
    place = settings.running / f"{file}.turn"
    with _opened(place) as held:
        while not _locked(held):
            waiting()
            time.sleep(LOOK_S)
        yield


def _file(settings: Settings, file: str) -> Path:
    return settings.running / f"{file}.json"


@contextmanager
def _opened(place: Path) -> Iterator[IO[bytes]]:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as held:
        yield held


def _lock(held: IO[bytes]) -> bool:
    for _ in range(TRIES):
        if _locked(held):
            return True
        time.sleep(LOOK_S / TRIES)
    return False


def _locked(held: IO[bytes], how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(held, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(place: Path) -> bool:
    try:
        with place.open("rb") as seen:
            return not _locked(seen, fcntl.LOCK_SH)
    except OSError:
        return False


def _context_that_failed(place: Path) -> int:
    """The context with which a model ran out of memory the last time, 0 for none."""
    said = _said(place)
    lacked = said.get(FAILED) in (ModelOutOfMemory.code, ModelLacksMemory.code)
    return int(said.get(CONTEXT, 0)) if lacked else 0


def _said(place: Path) -> dict[str, Any]:
    try:
        said = json.loads(place.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _write(descriptor: int, words: dict[str, Any]) -> None:
    text = json.dumps(words).encode()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text, 0)


def _bury(process: subprocess.Popen[bytes], place: Path, kills: exits.MemoryKills) -> None:
    """Wait for the end of a process, and write down how it ended if it could not do so itself."""
    code = process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    if code == 0:
        return
    moved = kills.moved
    kind = ModelOutOfMemory if exits.lacked_memory(code, moved) else ModelStopped
    reason = exits.reason(code, moved, "its process")
    with suppress(OSError), _opened(place) as held:
        was = _said(place)
        if _locked(held) and FAILED not in was:
            problem = kind(f"{kind.default_message.rstrip('.')}: {reason}.")
            say(held.fileno(), problem, int(was.get(CONTEXT, 0)))
