"""Servers that tell of their models, each in its own way: JSON by path, on a free port."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.model_server import Answer, Exchange, Request, answers

Paths = Mapping[str, object]


def listed(*names: str, **facts: object) -> dict[str, object]:
    """OpenAI's list of models, each with these facts."""
    return {"object": "list", "data": [{"id": name, "object": "model", **facts} for name in names]}


def ollama(loaded: int | None = None, set_to: int | None = None, most: int = 131072) -> Paths:
    """Ollama with one model."""
    name = "qwen2.5:7b"
    return {
        "/v1/models": listed(name, owned_by="library"),
        "/api/ps": {"models": [{"name": name, "context_length": loaded}] if loaded else []},
        "/api/show": {
            "parameters": f'stop "<|im_end|>"\nnum_ctx {set_to}' if set_to else "",
            "model_info": {"general.architecture": "qwen2", "qwen2.context_length": most},
        },
    }


def llama_cpp(slot: int | None, trained: int = 32768) -> Paths:
    """llama.cpp; without `slot` one that tells only what the model was trained with."""
    props = {"default_generation_settings": {"n_ctx": slot}} if slot else None
    paths = {"/v1/models": listed("model.gguf", meta={"n_ctx_train": trained})}
    return paths | ({"/props": props} if props else {})


def lm_studio(loaded: int | None = None, most: int = 32768) -> Paths:
    """LM Studio with one model."""
    facts = {"max_context_length": most, "state": "loaded" if loaded else "not-loaded"}
    facts |= {"loaded_context_length": loaded} if loaded else {}
    return {"/v1/models": listed("qwen3-8b"), "/api/v0/models": listed("qwen3-8b", **facts)}


@dataclass
class Listing:
    """Where it listens, and what it was asked: (path, headers in lower case)."""

    url: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"


@contextmanager
def listing(
    paths: Paths, chat: Answer | None = None, key: str = "", port: int = 0
) -> Iterator[Listing]:
    """A running server: `paths` are its JSON, or bytes; with `chat` it writes; with `key` it wants one."""
    closing = threading.Event()
    chat = chat or answers("It is about a release. The waiting was measured first. More follows.")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer({})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            self.answer(body)

        def answer(self, body: dict[str, object]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.asked.append((self.path, headers))
            exchange = Exchange(Request(self.path, headers, body), closing, self)
            if key and headers.get("authorization") != f"Bearer {key}":
                self.json(401, {"error": {"message": f"Wrong key {headers.get('authorization')}"}})
            elif self.path.endswith("/chat/completions"):
                chat(exchange)
            elif self.path in paths:
                self.json(200, paths[self.path])
            else:
                self.json(404, {"error": "not found"})

        def json(self, status: int, value: object) -> None:
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the tests read `asked`."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as http:
        told = Listing(f"http://127.0.0.1:{http.server_address[1]}")
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            closing.set()
            http.shutdown()
            thread.join()
