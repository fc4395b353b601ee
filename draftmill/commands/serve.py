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
from typing import IO, TYPE_CHECKING, NoReturn

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import tasks
from draftmill import errors
from draftmill.accounts.setup import new_setup_token
from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem
from draftmill.jobs.policies import QUEUES
from draftmill.logs import tell_seldom
from draftmill.maintenance import janitor
from draftmill.processes import children
from draftmill.settings import Settings
from draftmill.uploads import resumable
from draftmill.uploads.disk import discard_stale
from draftmill.web import connections
from draftmill.workers.consumers import ConsumerProcess, health

if TYPE_CHECKING:
    from draftmill.web.streams import Streams

logger = logging.getLogger(__name__)
GRACE_S = 4.0
TICK_S = 5.0
SWEEP_S = 0.1  # as long as anybody is connected
MOST_FILES = 65_536  # open at a time, connections among them


class AlreadyRunning(Problem):
    code = "already_running"


class PortTaken(Problem):
    code = "port_taken"


class Server(uvicorn.Server):
    """uvicorn, with consumers beside it that end first, and no signal raised again at the end."""

    def __init__(
        self,
        config: uvicorn.Config,
        consumers: list[ConsumerProcess],
        hail: str,
        streams: "Streams",
    ) -> None:
        super().__init__(config)
        self.consumers = consumers
        self.hail = hail
        self.streams = streams
        self.woken = asyncio.Event()
        self.pause_s = 0.0

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        signal.signal(signal.SIGALRM, self._leave)
        signal.signal(signal.SIGCHLD, lambda *_: self.woken.set())
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            self.force_exit = True
            for consumer in self.consumers:
                consumer.kill()
            return
        for consumer in self.consumers:
            consumer.stop()
        self.should_exit = True
        self.woken.set()
        signal.alarm(int(GRACE_S))

    def _leave(self, sig: int, frame: FrameType | None) -> None:
        """Leave at once: a request's thread, or a consumer that hangs, would else hold us up."""
        for consumer in self.consumers:
            consumer.kill()
        children.end_helpers()
        os._exit(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # It also has any other signal interrupt the loop's sleep. uvloop's sleep ends by any signal,
        # and it lets nobody else have this one.
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self.woken.set)
        for consumer in self.consumers:
            consumer.tend(time.monotonic())
        print(self.hail, flush=True)
        # So that the first program that asks, and the first page that listens, do not wait for it.
        threading.Thread(target=_load_rest, daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.streams.stop()
        await super().shutdown(sockets)

    async def main_loop(self) -> None:
        """As uvicorn's, which wakes ten times a second whether anybody is there or not."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.pause_s):
                    await self.woken.wait()
            self.woken.clear()

    async def on_tick(self, counter: int) -> bool:
        leaving = await super().on_tick(counter)
        connections.sweep(self.server_state.connections)
        if not leaving:
            moment = time.monotonic()
            pauses = [consumer.tend(moment) for consumer in self.consumers]
            self.pause_s = min(SWEEP_S if self.server_state.connections else TICK_S, *pauses)
        return leaving


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
        hail = _hail(settings, listener)
        config, streams = _config(settings, consumers)
        server = Server(config, consumers, hail, streams)
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


def _load_rest() -> None:
    from app import PROGRAMS

    PROGRAMS.load()
    import_module("draftmill.web.lines")


def _collect_seldom() -> None:
    """What is loaded by now stays. With a crowd connected, looking for garbage stops all for 50 ms."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _leave_early(sig: int, frame: FrameType | None) -> NoReturn:
    """A stop before there is a server: while it waits for the folder, or tidies it."""
    sys.exit(0)


def _config(
    settings: Settings, consumers: list[ConsumerProcess]
) -> "tuple[uvicorn.Config, Streams]":
    """What uvicorn serves, and the event streams that end before it stops."""
    from app import create_app
    from draftmill.web.streams import Streams

    streams = Streams()
    config = uvicorn.Config(
        quietly(create_app(settings, lambda: health(consumers), streams)),
        http=connections.Connection,
        ws="none",  # connections.py knows the one place for them
        ws_max_size=1024,  # pages listen and say nothing
        ws_ping_interval=30,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,  # it would double what a socket costs
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return config, streams


def quietly(app: ASGIApp) -> ASGIApp:
    """The application, whose requests may be cut off at the stop without a word in the log."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        answering = False

        async def note(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await app(scope, receive, note)
        except asyncio.CancelledError:
            # uvicorn cancels what still runs after its grace: such as an upload that stalled.
            if scope["type"] == "http" and not answering:
                await PlainTextResponse("Draftmill is stopping.\n", 503)(scope, receive, send)

    return run


def _hail(settings: Settings, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    shown = f"[{shown}]" if ":" in shown else shown
    address = settings.base_url.rstrip("/") or f"http://{shown}:{port}"
    lines = [f"Draftmill is ready at {address}"]
    db = connect(settings.database)
    token = new_setup_token(db)
    db.close()
    if token:
        lines.append(f"Make the owner's account within 30 minutes: {address}/setup/{token}")
    return "\n".join(lines)


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
