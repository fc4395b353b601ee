"""A server that gives files as a shop of models does: whole, in parts, cut off, wrong, without ranges."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TAG = '"the-first-state"'


@dataclass
class Shop:
    """What it gives, and how. `asked` are the Range headers that came, "" for none."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: int = 0  # bytes of an answer, once
    ranges: bool = True
    holds_after: int = 0  # bytes, until `go_on` is set
    redirect: str = ""
    portal: bytes = b""  # a page that stands for everything
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def offer(
        self, data: Path, name: str, *, kind: str = "language", memory: int = 1, **wrong: object
    ) -> None:
        """Write a row of the owner's table for what the shop has."""
        lines = [
            f'[[model]]\nname = "{name}"\nkind = "{kind}"\ntitle = "A model {name}"\nmemory = {memory}\n'
        ]
        for file, content in self.files.items():
            digest = wrong.get("sha256", hashlib.sha256(content).hexdigest())
            size = wrong.get("bytes", len(content))
            lines.append(
                f'[[model.files]]\nfile = "{file}"\naddress = {json.dumps(f"{self.url}/{file}")}\n'
                f'bytes = {size}\nsha256 = "{digest}"\n'
            )
        (data / "models").mkdir(parents=True, exist_ok=True)
        (data / "models" / "models.toml").write_text("".join(lines))


@contextmanager
def opened_shop(**files: bytes) -> Iterator[Shop]:
    shop = Shop(files={name.replace("__", "."): content for name, content in files.items()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shop))
    shop.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            content, asked = shop.files[self.path[1:]], self.headers.get("Range", "")
            shop.asked.append(asked)
            if shop.redirect:
                self.send_response(302)
                self.send_header("Location", shop.redirect)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if shop.portal:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(shop.portal)))
                self.end_headers()
                self.wfile.write(shop.portal)
                return
            start = 0
            if asked and shop.ranges and self.headers.get("If-Range", TAG) == TAG:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(content):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            else:
                self.send_response(200)
            self.send_header("ETag", TAG)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self._give(content[start:])

        def _give(self, content: bytes) -> None:
            first = shop.cut_after or shop.holds_after or len(content)
            self.wfile.write(content[:first])
            self.wfile.flush()
            if shop.cut_after:
                shop.cut_after = 0
                self.close_connection = True
                return
            if shop.holds_after:
                shop.go_on.wait(60)
            with suppress(OSError):
                self.wfile.write(content[first:])

    return Handler
