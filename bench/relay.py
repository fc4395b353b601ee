"""A relay of the kind that most teams build, to measure against: Node's `ws`, BullMQ, Redis.

It gets a folder of its own below .cache/, and is left out where Node, npm or Redis are not to be had.
"""

import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ws@^8.23", "bullmq@^6.7", "ioredis@^6")
PROGRAM = Path(__file__).with_suffix(".cjs")
STAMP = '"at":([0-9.]+)'  # when the worker began to write, in the message itself


@dataclass(frozen=True)
class Relay:
    """A relay that runs: where pages listen, its server's process, and its worker."""

    url: str
    pid: int
    worker: subprocess.Popen[str]

    def report(self, seconds: int) -> None:
        """Have each job report its progress once a second."""
        assert self.worker.stdin
        self.worker.stdin.write(f"{seconds}\n")
        self.worker.stdin.flush()
        assert self.worker.wait() == 0


@contextmanager
def relay(jobs: int, folder: Path) -> Iterator[Relay | None]:
    """A relay with so many jobs at work; None where it cannot be had."""
    modules = environment()
    if modules is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    redis = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    environ = os.environ | {"NODE_PATH": str(modules)}
    with (
        _running(redis, environ, "Ready to accept connections"),
        _running(["node", PROGRAM, "serve", port], environ) as (server, said),
        _running(["node", PROGRAM, "work", port, str(jobs)], environ, "ready") as (worker, _),
    ):
        yield Relay(f"http://127.0.0.1:{int(said)}", server.pid, worker)


@contextmanager
def _running(
    command: list[str | Path], environ: dict[str, str], ready: str = ""
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A program that has said that it is ready, and the line in which it did."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, text=True)
    assert process.stdin and process.stdout
    try:
        while ready not in (line := process.stdout.readline()):
            assert line, f"{command[0]} ended"
        yield process, line
    finally:
        process.terminate()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def environment() -> Path | None:
    """The folder of its modules, filled once below .cache/; None where that cannot be."""
    if not all(map(shutil.which, ("node", "npm", "redis-server"))):
        return None
    name = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:8]
    folder = ROOT / ".cache" / f"relay-{name}"
    modules = folder / "node_modules"
    if (folder / "ready").exists():
        return modules
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text("{}")
    install = ["npm", "install", "--silent", "--ignore-scripts", *PACKAGES]
    if subprocess.run(install, cwd=folder, stdout=2).returncode:
        return None
    (folder / "ready").touch()
    return modules
