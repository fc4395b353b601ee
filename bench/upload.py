"""Uploading one large file: Draftmill's way into a project's folder against a bare ASGI sink.

The sink writes what it gets to disk and fsyncs; Draftmill parses the form, hashes, limits and
makes durable. Both run in the same server on the same disk, in turns. Prints JSON lines and
ends with code 1 when a bound is exceeded. BENCH_UPLOAD_MB sets the size (default 1000).
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from figures import ratios, report, report_rounds

ROUNDS = 5
MOST_RATIO = 1.5
MOST_GROWTH_MB = 30.0
BOUNDARY = "benchmark-boundary"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def make_app(folder: Path) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """/bare is the sink, /form is Draftmill's; both answer with where the file lies."""
    from starlette.requests import Request

    from draftmill.settings import Settings
    from draftmill.uploads.form import Form
    from draftmill.web.bodies import receive_form

    settings = Settings(data=folder)

    async def bare(receive: Receive) -> Path:
        path = folder / "bare"
        with path.open("wb", buffering=0) as file:
            more = True
            while more:
                message = await receive()
                file.write(message.get("body", b""))
                more = message.get("more_body", False)
            os.fsync(file.fileno())
        return path

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/bare":
            path = await bare(receive)
        else:
            form = Form()
            await receive_form(Request(scope, receive), settings, form)
            path = form.files["recording"][0].path
        body = str(path).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def serve(port: str, folder: str) -> None:
    import uvicorn

    sys.setswitchinterval(0.0005)
    uvicorn.run(make_app(Path(folder)), port=int(port), http="httptools", log_level="warning")


def send(port: int, path: str, file: Path) -> float:
    """Post a file as a form. Returns the seconds until the answer came."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="recording"; filename="a.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    length = len(head) + file.stat().st_size + len(tail)
    request = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nContent-Length: {length}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    ).encode()
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection, file.open("rb") as source:
        connection.sendall(request + head)
        connection.sendfile(source)
        connection.sendall(tail)
        with connection.makefile("rb") as reader:
            answer = reader.read()  # the server closes after its one answer
    seconds = time.perf_counter() - start
    if b" 200 " not in answer.partition(b"\r\n")[0]:
        raise SystemExit(f"unexpected answer: {answer!r}")
    # Off the clock, and done before the next one starts: neither pays for the other's file.
    stored = Path(answer.rpartition(b"\r\n")[2].decode())
    if stored.stat().st_size < file.stat().st_size:
        raise SystemExit(f"{path} stored only {stored.stat().st_size} bytes")
    stored.unlink()
    os.sync()
    return seconds


def peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    megabytes = int(os.environ.get("BENCH_UPLOAD_MB", "1000"))
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        file = folder / "recording.bin"
        with file.open("wb") as out:
            for _ in range(megabytes):
                out.write(os.urandom(10**6))
            os.fsync(out.fileno())
        port = free_port()
        server = subprocess.Popen([sys.executable, __file__, str(port), name])
        try:
            wait_for(port)
            return measure(port, file, server.pid, megabytes)
        finally:
            server.terminate()
            server.wait()


def measure(port: int, file: Path, pid: int, megabytes: int) -> int:
    small = file.with_name("small.bin")
    small.write_bytes(os.urandom(4 * 10**6))
    for path in ("/bare", "/form"):
        send(port, path, small)  # everything imported, every buffer made
    before_mb = peak_mb(pid)
    seconds: dict[str, list[float]] = {"/bare": [], "/form": []}
    for turn in range(ROUNDS):
        for path in ("/bare", "/form") if turn % 2 else ("/form", "/bare"):
            seconds[path].append(send(port, path, file))
    growth_mb = peak_mb(pid) - before_mb
    for path, times in seconds.items():
        report_rounds(f"seconds for {megabytes} MB, {path[1:]}", times, "s")
    against = ratios(seconds["/form"], seconds["/bare"])
    held = (
        report_rounds("upload against a bare sink", against, "×", most=MOST_RATIO),
        report("memory growth of an upload", growth_mb, "MB", most=MOST_GROWTH_MB),
    )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    if len(sys.argv) == 3:
        serve(*sys.argv[1:])
    else:
        sys.exit(main())
