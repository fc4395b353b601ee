"""What one operation of the API is, and how a request comes to it and its answer back.

An operation is a row of the table in routes.py: a method, a path, shapes, and a function from
a Call to a Reply that runs in a thread with an open connection. Everything else happens here.
"""

import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import tasks
from draftmill.accounts.users import User
from draftmill.database import idempotency
from draftmill.database.connection import transaction
from draftmill.database.idempotency import Kept, KeyAtWork
from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.web.bodies import bounded
from draftmill.web.problem_json import BodyTooLarge, Invalid, NotJson, answer, invalid
from draftmill.web.services import database, services_of, settings_of

SMALL = 128 * 1024  # bytes of a body, unless its operation says more
JSON = "application/json"
REPLAYED = "Idempotent-Replayed"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Call:
    """A request that passed all checks. `ready` is what `prepare` made of it."""

    db: sqlite3.Connection
    settings: Settings
    user: User
    path: Mapping[str, Any]
    query: Any
    body: Any
    request: Request
    ready: Any = None


@dataclass(frozen=True)
class Reply:
    """What a function answers. `jobs` are those that it changed."""

    status: int
    body: BaseModel | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    jobs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    `answers` are the shapes by status, None for an answer without a body or of `media` other than
    JSON; `problems` are what
    it raises beside what every operation may. `endpoint` takes the place of `run` where a
    request is no JSON or an answer must not wait for a thread; `most` is how many bytes of JSON
    the body may have, `form` the shape of a
    multipart body that `endpoint` reads. `prepare` does what takes long before the transaction
    of the effect begins. With `keyed` an Idempotency-Key is honoured, `nudges` wakes the workers.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    run: Callable[[Call], Reply | Response] | None = None
    endpoint: Endpoint | None = None
    problems: tuple[type[Problem], ...] = ()
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    most: int = SMALL
    form: type[BaseModel] | None = None
    prepare: Callable[[Call], Any] | None = None
    headers: tuple[str, ...] = ()
    keyed: bool = False
    nudges: bool = False
    media: str = JSON

    async def __call__(self, request: Request) -> Response:
        """Answer a request."""
        if self.endpoint is not None and not (self.body and is_json(request)):
            return await self.endpoint(request)
        query = check_query(self.query, request) if self.query else None
        body = await check_body(self.body, request, self.most) if self.body else None
        reply = await run_in_threadpool(self._answer, request, query, body)
        if self.nudges:
            await run_in_threadpool(tasks.nudge, settings_of(request))
        return reply

    def _answer(self, request: Request, query: Any, body: Any) -> Response:
        user: User = request.state.user
        with database(request) as db:
            call = Call(db, settings_of(request), user, request.path_params, query, body, request)
            header = request.headers.get("idempotency-key") if self.keyed else None
            if header is None:
                return self._finish(call, self._run(call))
            key = idempotency.checked_key(header)
            with _AT_WORK.held(user.id, key):
                return self._finish(call, self._once(call, key))

    def _finish(self, call: Call, reply: Reply | Response) -> Response:
        return reply if isinstance(reply, Response) else respond(call.request, call.db, reply)

    def _run(self, call: Call) -> Reply | Response:
        assert self.run is not None
        return self.run(self._prepared(call))

    def _prepared(self, call: Call) -> Call:
        return replace(call, ready=self.prepare(call)) if self.prepare else call

    def _once(self, call: Call, key: str) -> Reply | Response:
        """The first answer to a key; its effect and the answer are one transaction."""
        body = call.body.model_dump() if call.body is not None else None
        request_hash = idempotency.hash_of_request(self.method, call.request.url.path, body)
        kept = idempotency.find(call.db, call.user.id, key, request_hash)
        if kept is not None:
            return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})
        prepared = self._prepared(call)
        try:
            with transaction(call.db):
                reply = self._run_prepared(prepared)
                idempotency.keep(call.db, call.user.id, key, request_hash, _kept(reply))
        except Problem as problem:
            # Nothing was done, and this was the answer; only what may heal is tried anew.
            if not problem.transient and problem.status < 500:
                told = _kept_problem(answer(problem))
                idempotency.keep(call.db, call.user.id, key, request_hash, told)
            raise
        return reply

    def _run_prepared(self, call: Call) -> Reply:
        assert self.run is not None
        reply = self.run(call)
        assert isinstance(reply, Reply)
        return reply


def respond(request: Request, db: sqlite3.Connection, reply: Reply) -> Response:
    """A reply as an answer; the jobs that it changed are known in memory from here on."""
    for job_id in reply.jobs:
        services_of(request).states.refresh(db, request.state.user.id, job_id)
    first = _kept(reply)
    return Response(first.body or None, first.status, first.headers)


def _kept(reply: Reply) -> Kept:
    headers = dict(reply.headers)
    if reply.body is None:
        return Kept(reply.status, "", headers)
    return Kept(reply.status, reply.body.model_dump_json(), {**headers, "Content-Type": JSON})


def _kept_problem(told: Response) -> Kept:
    names = ("content-type", "www-authenticate")
    headers = {name: told.headers[name] for name in names if name in told.headers}
    return Kept(told.status_code, bytes(told.body).decode(), headers)


class _AtWork:
    """The keys whose first request is at work; there is one web process, ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[int, str]] = set()

    @contextmanager
    def held(self, user_id: int, key: str) -> Iterator[None]:
        """Hold a key meanwhile. Raises KeyAtWork when it is held already."""
        with self._lock:
            if (user_id, key) in self._keys:
                raise KeyAtWork(retry_after_s=1.0)
            self._keys.add((user_id, key))
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard((user_id, key))


_AT_WORK = _AtWork()


def is_json(request: Request) -> bool:
    """Whether a request says that its body is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == JSON


def check_query(shape: type[BaseModel], request: Request) -> BaseModel:
    """The parameters of an address. Raises Invalid."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise Invalid([{"at": name, "message": "This parameter was sent twice."}])
        given[name] = value
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from None


async def check_body(shape: type[BaseModel], request: Request, most: int = SMALL) -> BaseModel:
    """The JSON body of a request, of at most so many bytes.

    Raises NotJson, BodyTooLarge, TooSlow, CutUpload, BadJson, Invalid.
    """
    if not is_json(request):
        raise NotJson
    async with bounded(request, most, BodyTooLarge) as sender:
        body = await sender.body()
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from None
