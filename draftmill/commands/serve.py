"""The parent of everything: the web server, one consumer a queue, and the timer that nudges."""

import asyncio
import contextlib
import fcntl
import gc
import logging
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from types import FrameType
from typing import IO, NoReturn

import uvicorn

import tasks
from draftmill import errors
from draftmill.accounts.setup import new_setup_token
from draftmill.accounts.tokens import any_token
from draftmill.database import changes
from draftmill.database.connection import WORKER_PATIENCE_S, connect, prepare
from draftmill.errors import Problem
from draftmill.jobs.policies import QUEUES
from draftmill.logs import tell_seldom
from draftmill.maintenance import janitor
from draftmill.processes import children
from draftmill.settings import Settings
from draftmill.uploads import resumable
from draftmill.uploads.disk import discard_stale
from draftmill.web import connections
from draftmill.web.server import GRACE_S, Server, quietly
from draftmill.web.streams import Streams
from draftmill.workers.consumers import ConsumerProcess, health

logger = logging.getLogger(__name__)
MOST_FILES = 65_536  # open at a time, connections among them


class AlreadyRunning(Problem):
    code = "already_running"


class PortTaken(Problem):
    code = "port_taken"


def main(settings: Settings) -> NoReturn:
    """Serve until a signal, and leave with exit code 0 (1 if it never began). Raises AlreadyRunning and PortTaken."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave_early)
    # Threads that write an upload wait for the interpreter's lock: 0.5 ms at most, not 5.
    sys.setswitchinterval(0.0005)
    _open_many_files()
    os.umask(0o077)  # passwords' hashes and recordings are nobody else's on this machine
    settings.data.mkdir(parents=True, exist_ok=True)
    with _locked(settings) as lock:
        listener = _bind(settings)
        _prepare(settings)
        tasks.throw_away(settings)
        tell_seldom(*tasks.SELDOM_TOLD)
        for verb in ("probe", "read"):
            children.end_strays(verb, str(settings.uploads.absolute()))
        discard_stale(settings)
        resumable.recover(settings)
        consumers = [ConsumerProcess(queue, settings, lock.fileno()) for queue in QUEUES]
        stop = threading.Event()
        for work in (tasks.keep_nudging, janitor.keep_clean):
            threading.Thread(target=work, args=(settings, stop), daemon=True).start()
        hail, programs = _hail(settings, listener)
        config, streams = _config(settings, consumers)
        server = Server(config, consumers, streams, lambda: _ready(hail, programs))
        _collect_seldom()
        try:
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(server.serve(sockets=[listener]))
        finally:
            stop.set()
            children.end_helpers()
            _end(consumers)
    # Not by way of the interpreter's end: a request's thread may hang, and the alarm is still set.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if server.started else 1)


def _open_many_files() -> None:
    """A crowd at the door must not take the files that its work needs: many systems allow 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _ready(hail: str, programs: bool) -> None:
    print(hail, flush=True)
    # So that the first page that listens, and the first program that asks, do not wait for it.
    threading.Thread(target=_load_rest, args=(programs,), daemon=True).start()


def _load_rest(programs: bool) -> None:
    from app import PROGRAMS

    import_module("draftmill.web.lines")
    if programs:
        PROGRAMS.load()


def _collect_seldom() -> None:
    """What is loaded by now stays. With a crowd connected, looking for garbage stops all for 50 ms."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _leave_early(sig: int, frame: FrameType | None) -> NoReturn:
    """A stop before there is a server: while it waits for the folder, or tidies it."""
    sys.exit(0)


def _config(settings: Settings, consumers: list[ConsumerProcess]) -> tuple[uvicorn.Config, Streams]:
    """What uvicorn serves, and the event streams that end before it stops."""
    from app import create_app

    streams = Streams()
    config = uvicorn.Config(
        quietly(create_app(settings, lambda: health(consumers), streams)),
        http=connections.Connection,
        ws="none",  # connections.py knows the one place for them
        ws_max_size=1024,  # pages listen and say nothing
        ws_ping_interval=settings.ping_s,
        ws_ping_timeout=settings.pong_s,
        ws_per_message_deflate=False,  # it would double what a socket costs
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return config, streams


def _hail(settings: Settings, listener: socket.socket) -> tuple[str, bool]:
    """What is printed once it serves, and whether any program may ask."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    shown = f"[{shown}]" if ":" in shown else shown
    address = settings.base_url.rstrip("/") or f"http://{shown}:{port}"
    lines = [f"Draftmill is ready at {address}"]
    db = connect(settings.database)
    token, programs = new_setup_token(db), any_token(db)
    db.close()
    if token:
        lines.append(f"Make the owner's account within 30 minutes: {address}/setup/{token}")
    return "\n".join(lines), programs


@contextlib.contextmanager
def _locked(settings: Settings) -> Iterator[IO[str]]:
    """Hold the data folder. Consumers share the lock, so it also waits until old ones are gone."""
    with (settings.data / "serve.lock").open("w") as lock:
        deadline = time.monotonic() + settings.lock_wait_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise AlreadyRunning(
                        f"Draftmill is already running on {settings.data}.",
                        "Stop it first, or set DRAFTMILL_DATA to another folder.",
                    ) from None
                time.sleep(0.1)
        yield lock


def _bind(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()  # only this refuses a port that another process bound a moment ago
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"{settings.host}:{settings.port} cannot be used: {error.strerror}.",
            "Set DRAFTMILL_PORT to a free port.",
        ) from None
    return listener


def _prepare(settings: Settings) -> None:
    """Bring the database up to date. Raises the Problem when disk or database refuse."""
    try:
        prepare(settings.database)
        with contextlib.closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
            changes.leap(db)
    except (sqlite3.Error, OSError) as error:
        raise (errors.named(error) or error) from error


def _end(consumers: list[ConsumerProcess]) -> None:
    deadline = time.monotonic() + GRACE_S
    for consumer in consumers:
        consumer.stop()
    for consumer in consumers:
        if consumer.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                consumer.process.wait(max(deadline - time.monotonic(), 0))
            consumer.kill()
            consumer.process.wait()
