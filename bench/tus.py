"""Uploading one large file by the resumable protocol: one PATCH against a bare ASGI sink.

The sink writes what it gets to disk and fsyncs; Draftmill's whole application hashes on the way,
makes durable and records every 64 MiB. Both run in the same server on the same disk, in turns.
Prints JSON lines and ends with code 1 when a bound is exceeded. BENCH_UPLOAD_MB sets the size
(default 1000).
"""

import hashlib
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import upload as bare
from figures import ratios, report, report_rounds

ROUNDS = 5
MOST_RATIO = 1.6
MOST_GROWTH_MB = 60.0


def serve(port: str, folder: str) -> None:
    import uvicorn

    from app import create_app
    from draftmill.settings import Settings

    sink = bare.make_app(Path(folder))
    application = create_app(Settings(data=Path(folder)))

    async def app(scope: bare.Scope, receive: bare.Receive, send: bare.Send) -> None:
        inner = sink if scope.get("path") == "/bare" else application
        await inner(scope, receive, send)

    sys.setswitchinterval(0.0005)
    uvicorn.run(app, port=int(port), http="httptools", log_level="warning")


def make_token(folder: Path) -> str:
    """A user of a new data folder; their token."""
    from draftmill.accounts import tokens, users
    from draftmill.database.connection import connect, prepare

    prepare(folder / "draftmill.db")
    with closing(connect(folder / "draftmill.db")) as db:
        user = users.add_user(db, "bench@example.org", "a long enough password")
        return tokens.add(db, user.id, "bench")


class Uploads:
    """What uploads one file, and looks whether it arrived."""

    def __init__(self, port: int, folder: Path, token: str, file: Path) -> None:
        self.port = port
        self.folder = folder
        self.token = token
        self.file = file
        with file.open("rb") as source:
            self.sha256 = hashlib.file_digest(source, "sha256").hexdigest()

    def send(self) -> float:
        """Seconds from the creation until the last byte was durable."""
        start = time.perf_counter()
        address = self._ask("POST", "/uploads", f"Upload-Length: {self.file.stat().st_size}")
        self._ask(
            "PATCH",
            address,
            "Upload-Offset: 0",
            "Content-Type: application/offset+octet-stream",
            f"Content-Length: {self.file.stat().st_size}",
        )
        seconds = time.perf_counter() - start
        # Off the clock, and done before the next one starts: neither pays for the other's file.
        with closing(sqlite3.connect(self.folder / "draftmill.db")) as db:
            stored = db.execute("select sha256 from uploads").fetchall()
        if stored != [(self.sha256,)]:
            raise SystemExit(f"arrived as {stored}, sent as {self.sha256}")
        self._ask("DELETE", address)
        os.sync()
        return seconds

    def _ask(self, method: str, path: str, *headers: str) -> str:
        lines = (
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Tus-Resumable: 1.0.0",
            f"Authorization: Bearer {self.token}",
            *headers,
        )
        address = ("127.0.0.1", self.port)
        with socket.create_connection(address) as connection, self.file.open("rb") as source:
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
            if method == "PATCH":
                connection.sendfile(source)
            with connection.makefile("rb") as reader:
                answer = reader.read().decode()
        if answer.split()[1] not in ("201", "204"):
            raise SystemExit(f"unexpected answer: {answer}")
        return answer.partition("location: ")[2].partition("\r\n")[0]


def main() -> int:
    megabytes = int(os.environ.get("BENCH_UPLOAD_MB", "1000"))
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        file = folder / "recording.bin"
        with file.open("wb") as out:
            for _ in range(megabytes):
                out.write(os.urandom(10**6))
            os.fsync(out.fileno())
        token = make_token(folder)
        port = bare.free_port()
        server = subprocess.Popen([sys.executable, __file__, str(port), name])
        try:
            bare.wait_for(port)
            return measure(port, Uploads(port, folder, token, file), server.pid, megabytes)
        finally:
            server.terminate()
            server.wait()


def measure(port: int, uploads: Uploads, pid: int, megabytes: int) -> int:
    small = uploads.file.with_name("small.bin")
    small.write_bytes(os.urandom(4 * 10**6))
    bare.send(port, "/bare", small)  # everything imported, every buffer made
    Uploads(port, uploads.folder, uploads.token, small).send()
    before_mb = bare.peak_mb(pid)
    sunk, sent = [], []
    for turn in range(ROUNDS):
        if turn % 2:
            sunk.append(bare.send(port, "/bare", uploads.file))
            sent.append(uploads.send())
        else:
            sent.append(uploads.send())
            sunk.append(bare.send(port, "/bare", uploads.file))
    growth_mb = bare.peak_mb(pid) - before_mb
    report_rounds(f"seconds for {megabytes} MB, bare", sunk, "s")
    report_rounds(f"seconds for {megabytes} MB, resumable", sent, "s")
    against = ratios(sent, sunk)
    held = (
        report_rounds("resumable upload against a bare sink", against, "×", most=MOST_RATIO),
        report("memory growth of a resumable upload", growth_mb, "MB", most=MOST_GROWTH_MB),
    )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    if len(sys.argv) == 3:
        serve(*sys.argv[1:])
    else:
        sys.exit(main())
