"""The OpenAPI 3.1 document, made from the table of operations: it cannot say anything else."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from draftmill import __version__, errors
from draftmill.database.idempotency import BadKey, KeyAtWork, KeyReused
from draftmill.errors import NotFound, Problem
from draftmill.projects.project import InBin
from draftmill.web import problem_json
from draftmill.web.api import shapes
from draftmill.web.api.operations import JSON, REPLAYED, Operation
from draftmill.web.failures import Surprise
from draftmill.web.middleware.access import Busy
from draftmill.web.middleware.bearer import API, NoToken, TooManyRequests
from draftmill.web.middleware.forwarded import WrongHost

Document = dict[str, Any]

REF = "#/components/schemas/{model}"
# What failures.on_surprise may find out; a database that is held is answered as Busy.
TROUBLES = (
    errors.DiskFull,
    errors.DiskError,
    errors.DatabaseUnreadable,
    errors.DatabaseDamaged,
    errors.SystemBusy,
    errors.NetworkFailed,
)
EVERYWHERE = (NoToken, TooManyRequests, WrongHost, Surprise, Busy, *TROUBLES)
OF_A_BODY = (
    problem_json.BadJson,
    problem_json.NotJson,
    problem_json.BodyTooLarge,
    problem_json.Invalid,
)
OF_A_KEY = (BadKey, KeyReused, KeyAtWork)
SAID = {
    200: "It is so.",
    201: "It is made.",
    202: "It is started.",
    204: "There is nothing to tell.",
    304: "Nothing changed.",
}
TOLD = {
    "RateLimit": "How many requests are left to the token, and for how many seconds.",
    "RateLimit-Policy": "How many requests a token may make in which time.",
    "ETag": "What the present state is called, for If-None-Match and If-Match.",
    "Location": "The address of what was made or started.",
    "Retry-After": "After how many seconds to ask again, where that is known.",
    REPLAYED: "It is true where this is the first answer to the same Idempotency-Key.",
}
HEADERS = {
    "If-None-Match": "The ETag of the state that you have: the answer is 304 while it holds.",
    "If-Match": "The ETag of the draft that the text was made from, or * for any.",
    "Last-Event-ID": "The id of the last event that you have: only what is newer is sent.",
    "Idempotency-Key": "A text of your choice: the same request is carried out once in 24 h.",
}
ABOUT = """Everything that a person does in Draftmill, for programs. Each request carries
`Authorization: Bearer TOKEN`. Jobs go from pending to running to succeeded, failed or cancelled;
docs/api.md in the source tells the whole life of a job, paging, events and idempotency."""


def document(operations: Sequence[Operation]) -> Document:
    """The document for all operations."""
    paths: dict[str, Document] = defaultdict(dict)
    for operation in operations:
        paths[operation.path][operation.method.lower()] = _operation(operation)
    paths["/openapi.json"]["get"] = _itself()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Draftmill",
            "version": __version__,
            "description": " ".join(ABOUT.split()),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": API}],
        "security": [{"token": []}],
        "paths": dict(paths),
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _itself() -> Document:
    return {
        "operationId": "getOpenApi",
        "summary": "This document",
        "security": [],
        "responses": {
            "200": {"description": SAID[200], "content": {JSON: {"schema": {}}}},
            # It needs no token, but judges one that is sent.
            **_refusals(EVERYWHERE),
        },
    }


def _schemas(operations: Sequence[Operation]) -> Document:
    used: dict[type[BaseModel], None] = {shapes.ProblemDetails: None}
    for operation in operations:
        for shape in (operation.body, operation.form, *operation.answers.values()):
            if shape is not None:
                used[shape] = None
    _, found = models_json_schema([(shape, "validation") for shape in used], ref_template=REF)
    schemas: Document = found["$defs"]
    return schemas


def _operation(operation: Operation) -> Document:
    described: Document = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _answers(operation) | _problems(operation),
    }
    if operation.body:
        content = {JSON: {"schema": _ref(operation.body)}}
        if operation.form:
            content["multipart/form-data"] = {"schema": _ref(operation.form)}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _ref(shape: type[BaseModel]) -> Document:
    return {"$ref": REF.format(model=shape.__name__)}


def _parameters(operation: Operation) -> list[Document]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    names = (*operation.headers, *(("Idempotency-Key",) if operation.keyed else ()))
    for name in names:
        schema: Document = {"type": "string"}
        if name == "Idempotency-Key":
            schema |= {"minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"}
        required = name == "If-Match"
        found.append(
            {"name": name, "in": "header", "required": required, "schema": schema}
            | {"description": HEADERS[name]}
        )
    if operation.query:
        described = operation.query.model_json_schema()
        for name, schema in described["properties"].items():
            # What is not sent is null to us: nobody can send a null.
            sent = schema.get("anyOf", [schema])[0]
            found.append({"name": name, "in": "query", "required": False, "schema": sent})
    return found


def _answers(operation: Operation) -> Document:
    answers: Document = {}
    for status, shape in operation.answers.items():
        answer: Document = {"description": SAID[status], "headers": _told(operation, status)}
        if shape is not None:
            answer["content"] = {operation.media: {"schema": _ref(shape)}}
        elif status == 200:
            answer["content"] = {operation.media: {}}
        answers[str(status)] = answer
    return answers


def _told(operation: Operation, status: int) -> Document:
    names = ["RateLimit", "RateLimit-Policy"]
    if {"If-None-Match", "If-Match"} & set(operation.headers):
        names.append("ETag")
    if status == 201 or (operation.nudges and status in (200, 202)):
        names.append("Location")
    if operation.keyed:
        names.append(REPLAYED)
    return _headers(names)


def _headers(names: Sequence[str]) -> Document:
    return {name: {"description": TOLD[name], "schema": {"type": "string"}} for name in names}


def _problems(operation: Operation) -> Document:
    return _refusals(problems_of(operation), operation.keyed)


def _refusals(found: Sequence[type[Problem]], keyed: bool = False) -> Document:
    """Every refusal by its status, with the codes that it may have."""
    codes: dict[int, dict[str, str]] = defaultdict(dict)
    for problem in found:
        codes[problem.status][problem.code] = problem.default_message
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {text}" for code, text in told.items()),
            "headers": _headers(_told_in_refusing(status, set(told), keyed)),
            "content": {problem_json.MEDIA_TYPE: {"schema": _ref(shapes.ProblemDetails)}},
        }
        for status, told in sorted(codes.items())
    }


def _told_in_refusing(status: int, codes: set[str], keyed: bool) -> list[str]:
    names = [] if status == 401 else ["RateLimit", "RateLimit-Policy"]
    if status in (423, 429, 503) or KeyAtWork.code in codes:
        names.append("Retry-After")
    if keyed and status < 500 and status not in (401, 429):
        names.append(REPLAYED)
    return names


def problems_of(operation: Operation) -> list[type[Problem]]:
    """Everything that an operation may refuse with."""
    found: list[type[Problem]] = [*EVERYWHERE, *operation.problems]
    if "{" in operation.path:
        found.append(NotFound)
    if "{project_id}" in operation.path:
        found.append(InBin)
    if operation.query or operation.form:
        found.append(problem_json.Invalid)
    if operation.body:
        found += OF_A_BODY
    if operation.keyed:
        found += OF_A_KEY
    return list(dict.fromkeys(found))
