"""What pages are measured against: Starlette's plain text, served by the loop that Draftmill has."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def serve(app: Any) -> None:
    """Serve an application on a free port, which is printed."""
    import uvicorn

    # uvicorn takes uvloop where it is installed, as `draftmill serve` does.
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def serving(*command: str) -> Iterator[tuple[str, int]]:
    """A program that serves on the port that it prints; its address, and the process's id."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def plain_server() -> Iterator[tuple[str, int]]:
    with serving(sys.executable, __file__) as (url, pid):
        yield url + "/", pid


def main() -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    serve(Starlette(routes=[Route("/", hello)]))


if __name__ == "__main__":
    main()
