"""What a server says of its models: their names, and how much each of them reads at once.

The list is OpenAI's. How much is read is told by each server in its own way, and by some not at
all: by llama.cpp, vLLM and most hosted ones in the list or beside it, by Ollama and LM Studio by
an address of their own. What a model was made for counts last, for a server may load it with less.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx2

from draftmill.letters import printable
from draftmill.model_servers.answers import json_in
from draftmill.model_servers.failures import UNREADABLE, WEB_PAGE
from draftmill.model_servers.line import Line
from draftmill.model_servers.offered import Offered, tokens
from draftmill.model_servers.server import Server, ServerProblem

MOST = 500  # models that are listed
MOST_SHOWN = 12  # that Ollama is asked about, one by one
NAME_CHARACTERS = 300
# Of a model that is not loaded yet, Ollama and LM Studio load so much, unless told otherwise.
UNLOADED = 4096
# Under which names the list tells it; what comes first is nearer to what is loaded.
IN_LIST = (
    ("loaded_context_length",),
    ("max_model_len",),
    ("meta", "n_ctx"),
    ("context_length",),
    ("context_window",),
    ("max_context_length",),
    ("max_input_tokens",),
    ("meta", "n_ctx_train"),
)


def offered(server: Server) -> list[Offered]:
    """The models of a server. Raises a ServerProblem, in the server's own words."""
    with closing(server.line()) as line:
        asked = _Asked(server, line)
        listed = _listed(asked)
        if all(one.context and not one.most for one in listed):
            return listed
        told = (native(asked, listed) for native in (_llama_cpp, _ollama, _lm_studio))
        return next((better for better in told if better), listed)


def context_of(server: Server) -> int | None:
    """How many tokens the model of the settings reads at once, None if nobody tells.

    Raises a ServerProblem.
    """
    found = {one.name: one.context for one in offered(server)}
    return found.get(server.model) or found.get(f"{server.model}:latest")


class _Asked:
    """A server that is asked for JSON."""

    def __init__(self, server: Server, line: Line) -> None:
        self.server = server
        self._line = line
        address = httpx2.URL(server.base_url)
        path = address.path.rstrip("/").removesuffix("/v1")
        self._root = str(address.copy_with(path=f"{path}/", query=None, fragment=None))

    def list(self) -> object:
        """The answer to the list's address. Raises a ServerProblem."""
        with self.server.problems():
            answer = self._line.get("models")
            if answer.content.lstrip()[:1] == b"<":
                raise self.server.problem(WEB_PAGE)
            return json_in(answer.content)

    def native(self, path: str, body: dict[str, str] | None = None) -> Any:
        """The object that an address of the server's own answers with, {} for anything else."""
        try:
            with self.server.problems():
                address = f"{self._root}{path}"
                answer = self._line.post(address, body) if body else self._line.get(address)
                value = json_in(answer.content)
        except ServerProblem:
            return {}
        return value if isinstance(value, dict) else {}


def _listed(asked: _Asked) -> list[Offered]:
    answer = asked.list()
    entries = answer.get("data", answer.get("models")) if isinstance(answer, dict) else answer
    if not isinstance(entries, list):
        raise asked.server.problem(UNREADABLE, "JSON without a list of models")
    return list(_named(entries))[:MOST]


def _named(entries: list[Any]) -> Iterator[Offered]:
    for entry in entries:
        entry = {"id": entry} if isinstance(entry, str) else entry
        name = entry.get("id") or entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str) and 0 < len(name) <= NAME_CHARACTERS and printable(name) == name:
            yield Offered(name, *_in_list(entry))


def _in_list(entry: dict[str, Any]) -> tuple[int | None, int | None]:
    """What the list tells of a model. llama.cpp's `meta` is of all its slots, or of the training."""
    for path in IN_LIST:
        count = tokens(_at(entry, path))
        if count:
            return count, count if path[0] == "meta" else None
    return None, None


def _at(entry: dict[str, Any], path: tuple[str, ...]) -> object:
    value: object = entry
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _llama_cpp(asked: _Asked, listed: list[Offered]) -> list[Offered] | None:
    """A server of one model: what each of its slots has."""
    told = asked.native("props")
    count = tokens(_at(told, ("default_generation_settings", "n_ctx")))
    return [replace(one, context=count) for one in listed] if count and len(listed) == 1 else None


def _ollama(asked: _Asked, listed: list[Offered]) -> list[Offered] | None:
    loaded = {
        entry.get("name") or entry.get("model"): tokens(entry.get("context_length"))
        for entry in _entries(asked.native("api/ps"), "models")
    }
    first = asked.native("api/show", {"model": listed[0].name})
    if not loaded and not first.get("model_info"):
        return None
    wanted = {asked.server.model, *(one.name for one in listed[:MOST_SHOWN])}
    return [
        _ollamas(asked, one, loaded.get(one.name)) if one.name in wanted else one for one in listed
    ]


def _ollamas(asked: _Asked, one: Offered, loaded: int | None) -> Offered:
    told = asked.native("api/show", {"model": one.name})
    facts = told.get("model_info")
    facts = facts if isinstance(facts, dict) else {}
    most = next((tokens(n) for key, n in facts.items() if key.endswith(".context_length")), None)
    set_to = _parameter(told.get("parameters"), "num_ctx")
    usual = min(most, UNLOADED) if most else None
    return Offered(one.name, loaded or set_to or usual, most)


def _parameter(text: object, name: str) -> int | None:
    """A parameter of a Modelfile: a line of its name and its value."""
    for line in str(text or "").splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == name and words[1].isdecimal():
            return tokens(int(words[1][:12]))
    return None


def _lm_studio(asked: _Asked, listed: list[Offered]) -> list[Offered] | None:
    told = {
        str(entry.get("id")): entry for entry in _entries(asked.native("api/v0/models"), "data")
    }
    return [_lm_studios(one, told.get(one.name, {})) for one in listed] if told else None


def _lm_studios(one: Offered, entry: dict[str, Any]) -> Offered:
    most = tokens(entry.get("max_context_length"))
    usual = min(most, UNLOADED) if most else one.context
    return Offered(one.name, tokens(entry.get("loaded_context_length")) or usual, most or one.most)


def _entries(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = answer.get(name)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
