"""Nothing that a stranger chose begins a line of the log, or reaches a terminal as more than letters."""

import io
import logging
import sys

import pytest

from draftmill.logs import LONGEST, Lines

ODD = {
    "line ends": "a\nERROR root: forged",
    "carriage return": "a\rERROR root: forged",
    "colours": "\x1b[31mred\x1b]0;title\x07",
    "eight-bit escapes": "\x9b31mred",
    "line separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg",
    "turned text": "gpj.\u202eexe\u2066",
    "nothing to see": "a\u200bb\ufeffc\x00d\x7f",
    "half a pair": "a\udc9bb\ud800",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_record_is_one_printable_line(text: str) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines())
    try:
        raise ValueError(text)
    except ValueError:
        record = logging.LogRecord("ours", 40, "", 1, "met %s", (text,), sys.exc_info())
    handler.handle(record)
    first, *traceback, end = out.getvalue().split("\n")
    assert first.startswith("ERROR ours: met ")
    assert all(line.startswith("  ") for line in traceback)
    assert end == ""
    assert first.isprintable()
    assert all(line.isprintable() for line in traceback)


def test_a_long_message_is_cut_and_a_plain_one_stays() -> None:
    def shown(text: str) -> str:
        return Lines().format(logging.LogRecord("ours", 30, "", 1, "%s", (text,), None))

    assert shown("“Größe” of 你好 & co.") == "WARNING ours: “Größe” of 你好 & co."
    assert len(shown("x" * 10**6)) == LONGEST + 1
