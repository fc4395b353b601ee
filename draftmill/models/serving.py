"""The process that runs a model: llama.cpp, with its server that speaks as OpenAI's does.

It is loaded in this process only. It listens on the loopback, with a key made for the run, and ends
with its parent, when it is idle, or when it is not wanted and has nothing to do.
"""

import json
import os
import resource
import secrets
import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from typing import Any, NoReturn

from draftmill import errors
from draftmill.errors import Problem
from draftmill.models import room, running
from draftmill.models.kept import Kept, language_model
from draftmill.models.running import (
    ModelLacksMemory,
    ModelNotRunnable,
    ModelOutOfMemory,
    Running,
)
from draftmill.processes import children, exits
from draftmill.settings import Settings

BATCH = 256  # tokens read at once: between two it tells how far it is, and hears whether to stop
MOST_SNAPSHOTS = 2_000  # megabytes of memory for what was read before, of what is free a quarter
LOOK_S = 1.0
FRESH_S = 3.0  # whoever has just found it will ask it in a moment
ASKED_S = 10.0
GIGABYTE = 10**9


def run(settings: Settings, file: str, run_file: int, too_long: int) -> NoReturn:
    """Run a model for the drafts of our parent, until it is idle or not wanted; never returns.

    `run_file` is the descriptor of the file that says where it listens; its lock is ours.
    `too_long` is the context in tokens for which it lacked memory the last time, 0 for none.
    """
    children.beat_channel()  # what a library prints goes to the log
    children.die_with_parent()
    _take_back_limits()
    unwanted = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: unwanted.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    place = begin(settings, file, run_file, too_long)
    if place is None:
        _leave(1)
    try:
        _serve(place, run_file, settings.inside_idle_s, unwanted)
        os.ftruncate(run_file, 0)
    except Exception as error:
        # Else its server would be left with nobody to end it, and a draft that waits for it.
        _leave(exits.OUT_OF_MEMORY if errors.lacks_memory(error) else 1)
    _leave(0)


def begin(settings: Settings, file: str, run_file: int, too_long: int) -> Running | None:
    """Load the model and write down where it listens; or, and return None, why it does not.

    What lacked memory is begun with a shorter context the next time: with the longest again only
    when the shortest one was too long.
    """
    context = too_long
    try:
        model = language_model(settings, file)
        shorter = [size for size in model.contexts() if not too_long or size < too_long]
        context = too_long if shorter else 0
        free = room.free_memory()
        context = _context(model, shorter, free)
        running.say_loading(run_file, context)
        place = _load(settings, model, free, context)
    except Exception as error:
        running.say(run_file, _problem_of(error), context)
        return None
    running.say(run_file, place)
    return place


def _take_back_limits() -> None:
    """Whoever started us may have bound itself to less memory than a model needs."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _leave(code: int) -> NoReturn:
    sys.stderr.flush()
    os._exit(code)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, ImportError):
        return ModelNotRunnable("There is no llama.cpp for this machine.", "Set up a model server.")
    if errors.lacks_memory(error) and not isinstance(error, Problem):
        return ModelOutOfMemory()
    return errors.named(error) or ModelNotRunnable(f"The language model cannot be loaded: {error}.")


def _load(settings: Settings, model: Kept, free: int | None, context: int) -> Running:
    """llama.cpp's server, ready to be asked. It stays for the rest of the process's life."""
    key = secrets.token_urlsafe(32)
    import xllamacpp

    asked = xllamacpp.CommonParams()
    asked.model.path = str(settings.models / model.file)
    asked.model_alias = {model.name}
    asked.hostnames, asked.port, asked.api_keys = ["127.0.0.1"], 0, [key]
    asked.n_ctx, asked.n_parallel, asked.n_batch, asked.n_ubatch = context, 1, BATCH, BATCH
    threads = room.free_cores()
    asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = threads
    asked.fit_params, asked.warmup, asked.ui, asked.verbosity = False, False, False, 0
    asked.endpoint_slots, asked.use_jinja = True, True
    asked.default_template_kwargs = {"enable_thinking": "false"}
    spare = (free or 0) - model.memory(context)
    asked.cache_ram_mib = max(0, min(MOST_SNAPSHOTS, spare // 4 // 10**6))
    global _server
    _server = xllamacpp.Server(asked)
    port = int(_server.listening_address.rpartition(":")[2])
    return Running(port, key, model.name, context, os.getpid())


_server: Any = None


def _context(model: Kept, sizes: Sequence[int], free: int | None) -> int:
    """The longest context for which there is memory. Raises ModelOutOfMemory when there is none."""
    if not sizes:
        raise ModelOutOfMemory(
            "The language model of this machine ran out of memory, with its shortest context too."
        )
    context = next((size for size in sizes if free is None or model.memory(size) <= free), None)
    if context is None:
        needs, has = model.least_memory / GIGABYTE, (free or 0) / GIGABYTE
        raise ModelLacksMemory(
            f"The language model needs {needs:.1f} GB of memory, and {has:.1f} GB are free."
        )
    return context


def _serve(place: Running, run_file: int, idle_s: float, unwanted: threading.Event) -> None:
    """Return when it has been idle for so long, or is not wanted and has nothing to do."""
    while True:
        quiet_s = time.time() - os.fstat(run_file).st_mtime
        if quiet_s >= (FRESH_S if unwanted.is_set() else idle_s):
            if not _at_work(place):
                return
            os.utime(run_file)
        if unwanted.is_set():
            time.sleep(LOOK_S)
        else:
            unwanted.wait(max(LOOK_S / 2, min(idle_s - quiet_s, idle_s)))


def _at_work(place: Running) -> bool:
    headers = {"Authorization": f"Bearer {place.key}"}
    asked = urllib.request.Request(f"http://127.0.0.1:{place.port}/slots", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=ASKED_S) as answer:  # noqa: S310
            return any(slot.get("is_processing") for slot in json.load(answer))
    except (OSError, ValueError):
        return True  # it is too busy to answer
