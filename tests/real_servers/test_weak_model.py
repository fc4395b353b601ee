"""What a weak model writes is never shown as a clean success: three talks, a real llama.cpp, offline."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from content_actions import CONTENT_TYPES
from draftmill.errors import Problem
from draftmill.evidence.records import blocks_in
from draftmill.jobs.engines import WITHOUT_MODEL
from draftmill.writers import choice
from tests.support import talks
from tests.support.draft_at_work import running_job, server, work
from tests.support.llama_server import CONTEXT, Llama, llama
from tests.support.model_writer import Watched

__all__ = ["running_job", "server", "work"]

PATIENCE_S = 600

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")


@pytest.fixture(scope="module")
def weak() -> Iterator[Llama]:
    with llama() as server:
        yield server


@pytest.mark.parametrize(
    ("talk", "content_type"),
    [("captions", "linkedin"), ("rough", "newsletter"), ("interview", "twitter")],
)
def test_a_draft_of_a_weak_model_says_what_to_check_or_is_an_outline(
    work: Watched, weak: Llama, talk: str, content_type: str, full: bool
) -> None:
    if talk != "rough" and not full:
        pytest.skip("one talk of three; all of them with --full")
    work.settings = replace(
        work.settings,
        llm_base_url=weak.base_url,
        llm_model="smollm2",
        llm_context=CONTEXT // 2,  # it writes until there is no room
        llm_timeout_s=PATIENCE_S,
    )
    try:
        written = choice.write(work, talks.material(talk), CONTENT_TYPES[content_type], "")
    except Problem as problem:
        assert problem.code.startswith("model_reply_")  # then an outline is one press away
        return
    if written.model == WITHOUT_MODEL:
        assert "outline in the speaker's own words instead" in str(written.fields["note"])
        assert work.warnings
    else:
        assert any(block.status == "weak" for block in blocks_in(written.evidence))
