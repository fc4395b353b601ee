"""Long recordings are cut or read in pieces until they fit into what a model takes."""

import re
from dataclasses import replace

from draftmill.writers.model.fitting import tokens
from tests.support.model_server import ModelServer, answers
from tests.support.model_writer import (
    TWITTER,
    Watched,
    beside,
    long_material,
    problem,
    with_settings,
    wrote,
)


def test_a_transcript_that_is_a_little_too_long_loses_sentences_but_no_chapter(
    work: Watched, server: ModelServer
) -> None:
    material = long_material(4, 40)
    wrote(with_settings(work, llm_context=7000), material=material)
    assert len(server.requests) == 1
    user = server.requests[0].user
    assert tokens(user) + tokens(server.requests[0].system) < 7000
    kept = [len(re.findall(f"In chapter {c} the", user)) for c in range(4)]
    assert all(f"Chapter title {c}" in user for c in range(4))
    assert max(kept) - min(kept) <= 2
    assert 0 < sum(kept) < 160
    assert "[…]" in user


def test_a_long_recording_is_read_chapter_by_chapter_and_written_from_notes(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("# T\n\nA text.")
    server.then(*[answers(f"- chapter {c}: a point about storage engines") for c in range(6)])
    wrote(with_settings(work, llm_context=6000), material=long_material(6, 100))
    assert len(server.requests) == 7
    final = server.requests[-1].user
    for c in range(6):
        assert f"Chapter title {c}" in final
        assert f"- chapter {c}: a point about storage engines" in final
        assert f"In chapter {c} the" in server.requests[c].user
    assert "In chapter" not in final
    assert ("Reading part 3 of 6") in {message for *_, message in work.reports}
    for request in server.requests:
        assert tokens(request.user) + tokens(request.system) < 6000


def test_notes_are_made_once_for_all_drafts_of_a_project(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("# T\n\nA text.")
    server.then(*[answers(f"- chapter {c}: a point about storage engines") for c in range(6)])
    wrote(with_settings(work, llm_context=6000), material=long_material(6, 100))
    another = beside(work, "twitter")
    wrote(another, TWITTER, material=long_material(6, 100))
    assert len(server.requests) == 8
    materials = [request.user.rpartition("=====")[0] for request in server.requests[-2:]]
    assert "- chapter 5: a point about storage engines" in materials[0]
    assert materials[0] == materials[1]


def test_notes_that_do_not_hold_are_left_out_for_what_was_said_and_cut(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("# T\n\nA text.")
    rambling = "\n".join(f"- rambling line number {n} of the notes" for n in range(120))
    server.then(*[answers(rambling) for _ in range(6)])
    wrote(with_settings(work, llm_context=6000), material=long_material(6, 100))
    assert tokens(server.requests[-1].user) < 6000
    assert "rambling" not in server.requests[-1].user
    assert "In chapter 0 the" in server.requests[-1].user


def test_a_recording_without_chapters_is_read_in_pieces(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("- a note")
    material = replace(long_material(1, 600), chapters=())
    wrote(with_settings(work, llm_context=5000), material=material)
    assert len(server.requests) > 3
    said = "".join(request.user for request in server.requests)
    assert all(f"point number {n} about" in said for n in range(600))


def test_a_context_that_holds_no_transcript_is_refused(work: Watched, server: ModelServer) -> None:
    assert problem(with_settings(work, llm_context=900)).code == "model_context_too_small"
    assert server.requests == []
