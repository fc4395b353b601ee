"""Model servers with habits are understood, and their answers counted as they arrive."""

from tests.support.model_server import ModelServer, answers, chunk, events, unless, whole
from tests.support.model_writer import Watched, wrote


def test_a_server_that_refuses_a_parameter_is_asked_without_it(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = unless("stream_options", answers("# A title\n\nA text."))
    assert wrote(work).body == "A text."
    assert len(server.requests) == 2


def test_a_server_that_cannot_stream_is_understood(work: Watched, server: ModelServer) -> None:
    server.otherwise = whole("# A title\n\nA text.")
    assert wrote(work).title == "A title"


def test_thinking_aloud_is_no_part_of_the_draft(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("<think>\nThey want a post.\n</think>\n# A title\n\nA text.")
    assert wrote(work).body == "A text."
    thinking = {**chunk()["choices"][0], "delta": {"reasoning_content": "A post?"}}
    server.otherwise = events(
        {"choices": [thinking]}, chunk(content="# T\n\nText."), chunk("stop"), {"choices": []}
    )
    assert wrote(work, instructions="again").body == "Text."


def test_a_server_that_read_only_a_part_is_reported(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("# A title\n\nA text.", prompt_tokens=100)
    wrote(work)
    assert "read only 100 tokens" in work.warnings[0]


def test_an_honest_count_is_no_warning(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("# A title\n\nA text.", prompt_tokens=1200)
    wrote(work)
    assert work.warnings == ()


def test_progress_counts_the_words_as_they_arrive(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("# Title\n\n" + "word " * 200)
    wrote(work)
    counts = [done for done, *_ in work.reports]
    assert counts == sorted(counts)
    assert len(set(counts)) > 50
    assert 200 <= counts[-1] <= 220
    assert {report[1:] for report in work.reports} == {(None, "words", "Writing")}
