"""A transcript is read in a child: the same comes out, refusals too, and it dies alone."""

from pathlib import Path

import pytest

from draftmill.errors import Problem
from draftmill.transcripts import formats, reader
from draftmill.transcripts.reader import TranscriptTooHard

SAID = {
    "talk.txt": "Ada: Good day, this is a talk about bread.\n\nBob: And this is about yeast.",
    "talk.srt": "1\n00:00:01,000 --> 00:00:03,500\nGood day, and “welcome”.\n",
    "talk.vtt": "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada>Good <00:02.000>day.\n",
    "talk.json": '{"language": "de", "segments": [{"start": 0, "end": 2, "text": "Guten Tag."}]}',
    "--help": "A name may look like an option. 你好。",
    "--": "A name may be two hyphens.",
    "": "What is pasted has no name.",
}


@pytest.mark.parametrize("name", SAID)
def test_what_the_child_reads_is_what_was_said(name: str, tmp_path: Path) -> None:
    (tmp_path / "said").write_text(SAID[name], encoding="utf-8")
    assert reader.read(tmp_path / "said", name, 1) == formats.read(SAID[name], name)


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("Dzień dobry, właśnie zaczynamy.", "cp1250"),
        ("Привет, друзья, сегодня мы начинаем.", "cp1251"),
        ("大家好，我们今天开始说。", "gbk"),
    ],
)
def test_the_child_knows_old_encodings(said: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "said").write_bytes(said.encode(encoding))
    (segment,) = reader.read(tmp_path / "said", "a.txt", 1).segments
    assert segment.text == said


@pytest.mark.parametrize(
    ("said", "name"), [(b" ", "empty.txt"), (b"%PDF-1.7", "a.txt"), (b"{}", "a.json")]
)
def test_the_child_refuses_in_the_same_words(said: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "said").write_bytes(said)
    with pytest.raises(Problem) as own:
        formats.read(said, name)
    with pytest.raises(type(own.value)) as told:
        reader.read(tmp_path / "said", name, 1)
    assert str(told.value) == str(own.value)


def test_every_refusal_finds_its_way_back() -> None:
    known = set(formats.REFUSALS.values())
    waiting, ours = [Problem], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        ours |= {kind} if kind.__module__.startswith(formats.__name__) else set()
    assert ours == known


def test_a_file_that_takes_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "LIMIT_S", 0.001)
    (tmp_path / "said").write_text("Hello there.")
    with pytest.raises(TranscriptTooHard):
        reader.read(tmp_path / "said", "talk.txt", 1)


def test_an_answer_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_ANSWERED", 90)
    (tmp_path / "said").write_text("Hello there. " * 20)
    with pytest.raises(TranscriptTooHard):
        reader.read(tmp_path / "said", "talk.txt", 1)
