"""Which servers there are: the usual ones of this machine, or the one at an address."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from draftmill.model_servers.failures import KEY_REFUSED
from draftmill.model_servers.models import offered
from draftmill.model_servers.server import Server, ServerProblem, transcribing, writing
from draftmill.settings import Settings
from draftmill.trials.outcome import Found, Look
from draftmill.trials.ports import usual_ports

ASK_S = 4.0  # for one answer of a server on this machine
LIST_S = 10.0  # for one anywhere else


def on_this_machine(settings: Settings, *, writes: bool) -> Look:
    """The usual servers of this machine that answer with a list of models, asked all at once.

    No key is sent to any.
    """
    ports = usual_ports(settings, writes=writes)
    with ThreadPoolExecutor(len(ports)) as pool:
        found = pool.map(lambda port: list(_at(settings, *port, writes=writes)), ports)
        return Look(tuple(one for several in found for one in several))


def at_address(settings: Settings, *, writes: bool) -> Look:
    """The server of the settings, and its models. Raises a ServerProblem."""
    server = replace(_server(settings, writes=writes), timeout_s=LIST_S)
    return Look((Found("", server.base_url, tuple(offered(server))),))


def _at(settings: Settings, name: str, port: int, *, writes: bool) -> Iterator[Found]:
    address = f"http://127.0.0.1:{port}/v1"
    plain = replace(_server(settings, writes=writes), base_url=address, key="", timeout_s=ASK_S)
    try:
        if models := offered(plain):
            yield Found(name, address, tuple(models))
    except ServerProblem as problem:
        if problem.failure is KEY_REFUSED:
            yield Found(name, address, (), wants_key=True)


def _server(settings: Settings, *, writes: bool) -> Server:
    return writing(settings) if writes else transcribing(settings)
