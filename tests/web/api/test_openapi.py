"""The OpenAPI document: complete, true, and attacked by a tool that nobody here wrote."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from draftmill import errors
from draftmill.errors import Problem
from draftmill.web.api.operations import REPLAYED
from draftmill.web.api.routes import OPENAPI, OPERATIONS, ROUTES
from tests.support.api_programs import bring, finished, program, token_for
from tests.support.house import House

METHODS = {"GET", "PUT", "POST", "PATCH", "DELETE"}
# What DESIGN promises to programs.
PROMISED = {
    "GET /projects", "POST /projects", "GET /projects/{project_id}", "PATCH /projects/{project_id}",
    "DELETE /projects/{project_id}", "POST /projects/{project_id}/jobs", "GET /jobs",
    "GET /jobs/{job_id}", "POST /jobs/{job_id}/cancel", "POST /jobs/{job_id}/retry",
    "GET /jobs/{job_id}/logs", "GET /jobs/{job_id}/events", "GET /projects/{project_id}/drafts",
    "GET /projects/{project_id}/drafts/{type}", "PUT /projects/{project_id}/drafts/{type}",
    "GET /projects/{project_id}/drafts/{type}/evidence",
    "POST /jobs/cancel", "POST /jobs/retry", "POST /jobs/clear", "POST /jobs/results",
    "POST /projects/{project_id}/drafts/{type}/link", "POST /projects/{project_id}/transcript/link",
    "GET /bin", "DELETE /bin", "GET /search", "POST /projects/{project_id}/restore",
    "GET /channels", "POST /channels", "DELETE /channels/{channel_id}",
    "POST /channels/{channel_id}/test", "GET /channels/{channel_id}/deliveries",
    "GET /notifications", "POST /notifications/read", "POST /notifications/{notification_id}/read",
    "GET /preferences", "PUT /preferences",
    "GET /content-types", "POST /content-types", "GET /content-types/{content_type}",
    "PATCH /content-types/{content_type}", "DELETE /content-types/{content_type}",
    "GET /content-types/{content_type}/prompts", "GET /content-types/{content_type}/style",
    "PUT /content-types/{content_type}/style",
    "GET /projects/{project_id}/drafts/{type}/parts", "POST /projects/{project_id}/drafts/{type}/parts",
    "POST /projects/{project_id}/drafts/{type}/parts/{offer_id}/take",
    "DELETE /projects/{project_id}/drafts/{type}/parts/{offer_id}",
    "POST /projects/{project_id}/drafts/{type}/parts/{offer_id}/offer",
    "GET /projects/{project_id}/drafts/{type}/versions",
    "GET /projects/{project_id}/drafts/{type}/versions/compare",
    "GET /projects/{project_id}/drafts/{type}/versions/{n}",
    "POST /projects/{project_id}/drafts/{type}/versions/{n}/restore",
    "POST /projects/{project_id}/drafts/{type}/versions/{n}/take",
    "POST /projects/{project_id}/drafts/{type}/versions/{n}/decline",
    "POST /projects/{project_id}/drafts/{type}/versions/{n}/offer",
    "POST /projects/{project_id}/drafts/{type}/pictures",
    "GET /projects/{project_id}/screenshots", "POST /projects/{project_id}/screenshots",
    "GET /projects/{project_id}/screenshots/{n}", "GET /projects/{project_id}/frames/{second}",
    "GET /projects/{project_id}/chapters", "POST /projects/{project_id}/chapters",
    "PATCH /projects/{project_id}/chapters/{n}",
    "DELETE /projects/{project_id}/chapters/{n}", "POST /projects/{project_id}/chapters/{n}/merge",
    "POST /projects/{project_id}/chapters/{n}/split", "GET /projects/{project_id}/speakers",
    "POST /projects/{project_id}/speakers/give", "PATCH /projects/{project_id}/speakers/{n}",
    "POST /projects/{project_id}/speakers/{n}/merge",
    "GET /projects/{project_id}/segments", "PATCH /projects/{project_id}/segments/{n}",
    "GET /projects/{project_id}/transcript/changes",
    "POST /projects/{project_id}/transcript/changes/{change_id}/undo",
    "GET /projects/{project_id}/transcript/left",
    "POST /projects/{project_id}/transcript/left/{edit_id}/apply",
    "DELETE /projects/{project_id}/transcript/left/{edit_id}",
    "GET /projects/{project_id}/corrections", "POST /projects/{project_id}/corrections",
    "DELETE /projects/{project_id}/corrections/{correction_id}",
    "POST /projects/{project_id}/corrections/{correction_id}/drafts",
    "POST /projects/{project_id}/corrections/drafts/undo",
    "POST /projects/{project_id}/suggestions/dismiss",
    "GET /projects/{project_id}/suggestions", "GET /vocabulary", "PUT /vocabulary",
    "GET /settings", "PATCH /settings",
    "POST /settings/writing/try", "POST /settings/listening/try",
    "POST /settings/writing/look", "POST /settings/listening/look",
    "GET /models", "POST /models/{name}/get", "POST /models/{name}/cancel", "DELETE /models/{name}",
    "GET /openapi.json",
}  # fmt: skip


def described() -> set[str]:
    return {
        f"{method.upper()} {path}"
        for path, methods in OPENAPI["paths"].items()
        for method in methods
    }


def served() -> set[str]:
    return {
        f"{method} {route.path}"
        for route in ROUTES
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }


def test_what_is_promised_is_served_and_described() -> None:
    assert described() == served() == PROMISED


def test_the_document_needs_no_token_and_is_the_one_that_is_served(
    house: House, owner: httpx2.Client
) -> None:
    answer = httpx2.get(f"{house.url}/api/v1/openapi.json")
    assert answer.json() == json.loads(json.dumps(OPENAPI))
    assert answer.json()["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere_and_every_name_is_used_once() -> None:
    text = json.dumps(OPENAPI)
    names = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert names == set(OPENAPI["components"]["schemas"])
    ids = [operation.name for operation in OPERATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_refusal_is_described_with_its_code(operation: Any) -> None:
    answers = OPENAPI["paths"][operation.path][operation.method.lower()]["responses"]
    for problem in operation.problems:
        assert issubclass(problem, Problem)
        assert f"`{problem.code}`" in answers[str(problem.status)]["description"]
    for status in ("401", "429", "500", "503"):
        schema = answers[status]["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ProblemDetails"}


def found_out() -> set[type[Problem]]:
    """The troubles that a request may be answered with; a held database is answered as `busy`."""
    named = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, Problem) and kind is not Problem
    }
    return named - {errors.NotFound, errors.Conflict, errors.DatabaseBusy}


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in OPENAPI["paths"].items() for method in methods]


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_trouble_of_the_system_is_described(path: str, method: str) -> None:
    answers = OPENAPI["paths"][path][method]["responses"]
    assert len(found_out()) >= 6
    for problem in found_out():
        assert f"`{problem.code}`" in answers[str(problem.status)]["description"]


def test_the_document_judges_a_token_that_is_sent(house: House, owner: httpx2.Client) -> None:
    url = f"{house.url}/api/v1/openapi.json"
    refused = httpx2.get(url, headers={"Authorization": "Bearer stale"})
    answers = OPENAPI["paths"]["/openapi.json"]["get"]["responses"]
    assert refused.status_code == 401
    assert f"`{refused.json()['code']}`" in answers["401"]["description"]
    assert {"400", "429", "500", "503", "507"} <= set(answers)


def test_when_to_ask_again_and_what_was_said_before_are_described() -> None:
    for path, method in operations():
        answers = OPENAPI["paths"][path][method]["responses"]
        for status in ("429", "503"):
            assert "Retry-After" in answers[status]["headers"]
    for operation in OPERATIONS:
        answers = OPENAPI["paths"][operation.path][operation.method.lower()]["responses"]
        told = {status for status, one in answers.items() if REPLAYED in one["headers"]}
        assert bool(told) == operation.keyed
        assert not operation.keyed or {*map(str, operation.answers), "409", "422"} <= told


@pytest.fixture
def attacked(house: House, owner: httpx2.Client, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A token, and a configuration that names things which exist."""
    token = token_for(house)
    with program(house, token) as client:
        project = bring(client, types=["blog", "twitter"])
        finished(house, project)
        hook = {"address": "https://hooks.invalid/"}
        ended = client.get("/notifications", params={"limit": 1}).json()["items"][0]
        channel, other = (client.post("/channels", json={"name": n, **hook}) for n in ("a", "b"))
        doomed = bring(client, "Another talk, which is soon to be deleted by its owner.")
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        # A trial loads a speech model: on a busy machine that takes longer than the 10 s of the tool.
        "request-timeout = 60\n"
        "[parameters]\n"
        f'"path.project_id" = "{project["id"]}"\n'
        f'"path.job_id" = "{project["jobs"][1]["id"]}"\n'
        f'"path.channel_id" = "{channel.json()["id"]}"\n'
        f'"path.notification_id" = "{ended["id"]}"\n'
        '"path.type" = "blog"\n'
        '"path.name" = "no-such-model"\n'
        "[checks.missing_required_header]\n"
        "expected-statuses = [401, 428]\n"
        "[[operations]]\n"
        'include-name = "DELETE /projects/{project_id}"\n'
        f'parameters = {{ "path.project_id" = "{doomed["id"]}" }}\n'
        "[[operations]]\n"
        'include-name = "DELETE /channels/{channel_id}"\n'
        f'parameters = {{ "path.channel_id" = "{other.json()["id"]}" }}\n'
    )
    yield token, config
    assert house.one("select 1 from projects where id = ?", project["id"])


def test_schemathesis_finds_no_500_and_no_undocumented_answer(
    house: House, attacked: tuple[str, Path]
) -> None:
    token, config = attacked
    checks = (
        "not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_headers_conformance", "response_schema_conformance", "ignored_auth",
        "missing_required_header", "unsupported_method", "use_after_free",
    )  # fmt: skip
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"),
        *(f"{house.url}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--checks", ",".join(checks), "--phases", "coverage,fuzzing", "--max-examples", "2"),
        *("--generation-deterministic", "--continue-on-failure", "--no-color", "--warnings", "off"),
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=500, cwd=config.parent, check=False
    )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert f"Tested: {len(OPERATIONS)}" in ran.stdout
    found = re.search(r"(\d+) generated, (\d+) passed", ran.stdout)
    assert found, ran.stdout
    assert int(found[2]) > 300
    assert "Traceback" not in house.log()
