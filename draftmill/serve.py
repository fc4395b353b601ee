"""The parent of everything: the web server, one consumer a queue, and the timer that nudges."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import IO

import uvicorn

import tasks
from draftmill import accounts, children, store, uploads
from draftmill.errors import Problem
from draftmill.policies import QUEUES
from draftmill.settings import Settings

logger = logging.getLogger(__name__)
GRACE_S = 4.0
RESTARTS_S = (0.0, 0.5, 1.0, 2.0, 5.0)


class AlreadyRunning(Problem):
    code = "already_running"


class PortTaken(Problem):
    code = "port_taken"


class ConsumerProcess:
    """One queue's consumer, started again whenever it dies or falls silent."""

    def __init__(self, queue: str, settings: Settings, lock: int) -> None:
        self.queue = queue
        self.settings = settings
        self.lock = lock
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.start_at = self.started_at = self.heard_at = 0.0
        self.silent_ticks = 0
        self.stopping = False

    def tend(self, moment: float) -> None:
        """Start it, or see whether it lives. Called about every 0.1 s from the main thread."""
        if self.process is None:
            if moment >= self.start_at:
                self._start(moment)
        elif self.process.poll() is not None:
            self._bury(moment)
        else:
            self._listen(self.process, moment)

    def _start(self, moment: float) -> None:
        try:
            self.process = children.start_child(
                "worker",
                self.queue,
                environ={"DRAFTMILL_DATA": str(self.settings.data)},
                pass_fds=(self.lock,),
            )
        except OSError:
            logger.exception("the %s worker could not be started", self.queue)
            self.start_at = moment + RESTARTS_S[-1]
            return
        assert self.process.stdout
        os.set_blocking(self.process.stdout.fileno(), False)
        self.started_at = self.heard_at = moment
        self.silent_ticks = 0

    def _bury(self, moment: float) -> None:
        assert self.process
        logger.warning(
            "the %s worker ended with %s and is started again", self.queue, self.process.returncode
        )
        self._close()
        if moment - self.started_at > 60:
            self.restarts = 0
        self.start_at = moment + RESTARTS_S[min(self.restarts, len(RESTARTS_S) - 1)]
        self.restarts += 1

    def _listen(self, process: subprocess.Popen[bytes], moment: float) -> None:
        """Count our own ticks without a beat: a machine that was paused kills nobody."""
        assert process.stdout
        if process.stdout.read(4096):
            self.silent_ticks = 0
            self.heard_at = moment
        elif moment - self.heard_at >= self.settings.tick_s:
            self.silent_ticks += 1
            self.heard_at = moment
        if self.silent_ticks >= self.settings.consumer_silent_ticks:
            logger.warning("the %s worker stopped answering and is ended", self.queue)
            children.end_group(process.pid)

    def stop(self) -> None:
        """Ask it to end, once: a second signal would cut its clean stop short."""
        if self.process and self.process.poll() is None and not self.stopping:
            self.stopping = True
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            children.end_group(self.process.pid)

    def _close(self) -> None:
        assert self.process
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process = None


class Server(uvicorn.Server):
    """uvicorn, with consumers beside it that end first, and no signal raised again at the end."""

    def __init__(self, config: uvicorn.Config, consumers: list[ConsumerProcess], hail: str) -> None:
        super().__init__(config)
        self.consumers = consumers
        self.hail = hail

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        signal.signal(signal.SIGALRM, self._leave)
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
        signal.alarm(int(GRACE_S))

    def _leave(self, sig: int, frame: FrameType | None) -> None:
        """Leave at once: a request's thread, or a consumer that hangs, would else hold us up."""
        for consumer in self.consumers:
            consumer.kill()
        os._exit(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for consumer in self.consumers:
            consumer.tend(time.monotonic())
        print(self.hail, flush=True)  # noqa: T201

    async def on_tick(self, counter: int) -> bool:
        leaving = await super().on_tick(counter)
        if not leaving:
            for consumer in self.consumers:
                consumer.tend(time.monotonic())
        return leaving


def main(settings: Settings) -> int:
    """Serve until a signal. Returns the exit code; raises AlreadyRunning and PortTaken."""
    # Threads that write an upload wait for the interpreter's lock: 0.5 ms at most, not 5.
    sys.setswitchinterval(0.0005)
    os.umask(0o077)  # passwords' hashes and recordings are nobody else's on this machine
    settings.data.mkdir(parents=True, exist_ok=True)
    with _locked(settings) as lock:
        listener = _bind(settings)
        store.prepare(settings.database)
        tasks.throw_away(settings)
        uploads.discard_stale(settings)
        consumers = [ConsumerProcess(queue, settings, lock.fileno()) for queue in QUEUES]
        stop = threading.Event()
        timer = threading.Thread(target=_nudge, args=(settings, stop), daemon=True)
        timer.start()
        server = Server(_config(settings), consumers, _hail(settings, listener))
        try:
            asyncio.run(server.serve(sockets=[listener]))
        finally:
            stop.set()
            _end(consumers)
    return 0


def _config(settings: Settings) -> uvicorn.Config:
    from app import create_app

    return uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


def _hail(settings: Settings, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    shown = f"[{shown}]" if ":" in shown else shown
    address = settings.base_url.rstrip("/") or f"http://{shown}:{port}"
    lines = [f"Draftmill is ready at {address}"]
    db = store.connect(settings.database)
    token = accounts.new_setup_token(db)
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


def _nudge(settings: Settings, stop: threading.Event) -> None:
    db = store.connect(settings.database, store.WORKER_PATIENCE_S)
    while not stop.wait(settings.nudge_s):
        tasks.nudge_if_due(settings, db)


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


def work_on(queue: str, settings: Settings) -> int:
    """The consumer's process: beats for its parent, dies with it, works until SIGTERM."""
    channel = children.beat_channel()
    children.die_with_parent()
    threading.Thread(target=_beat, args=(channel, settings.tick_s), daemon=True).start()
    tasks.queue(queue, settings).consume()
    sys.stderr.flush()
    return 0


def _beat(channel: int, tick_s: float) -> None:
    while True:
        os.write(channel, b".")
        time.sleep(tick_s)
