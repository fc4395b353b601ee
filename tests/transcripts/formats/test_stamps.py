"""Times in plain text, as other programs and people write them: whole ones, and only those."""

import pytest

from draftmill.transcripts import formats
from tests.support.caption_files import said

ONE, TWO, THREE = "Hello you.", "Yes, I am.", "Bye now."
STARTS = {
    "brackets": "[00:00:05] {}\n[00:00:12] {}\n[00:01:00] {}",
    "no space": "[00:00:05]{}\n[00:00:12]{}\n[00:01:00]{}",
    "parentheses": "(00:00:05) {}\n(00:00:12) {}\n(00:01:00) {}",
    "half a minute": "[0:05] {}\n[0:12] {}\n[1:00] {}",
    "fractions": "[00:00:05.000] {}\n[00:00:12,00] {}\n[00:01:00.0] {}",
    "dash": "00:05 – {}\n00:12 – {}\n01:00 – {}",
    "colon": "00:05: {}\n00:12: {}\n01:00: {}",
    "tabs": "00:05\t{}\n00:12\t{}\n01:00\t{}",
    "joined": "0:05{}\n0:12{}\n1:00{}",
    "above": "0:05\n{}\n0:12\n{}\n1:00\n{}",
    "above, blank lines": "[0:05]\n\n{}\n\n[0:12]\n\n{}\n\n[1:00]\n\n{}",
    "one line": "[00:05] {} [00:12] {} [01:00] {}",
    "spans": "[00:05 - 00:06] {}\n[00:12 - 00:13] {}\n[01:00 - 01:01] {}",
    "arrows": "[00:05.000 --> 00:06.000]  {}\n[00:12.000 --> 00:13.000]  {}\n[01:00.000 --> 01:01.000]  {}",
    "bare spans": "00:00:05.000 - 00:00:06.000 {}\n00:00:12.000 - 00:00:13.000 {}\n00:01:00.000 - 00:01:01.000 {}",
    "list": "- [00:05] {}\n- [00:12] {}\n- [01:00] {}",
    "links": "[0:05](https://example.org/?t=5) {}\n[0:12](https://example.org/?t=12) {}\n[1:00](https://example.org/?t=60) {}",
    "frames": "[00:00:05:00] {}\n[00:00:12:00] {}\n[00:01:00:00] {}",
    "a late beginning": "A talk\n\nheld\n\nin\n\nMay\n\nby\n\nAda\n\n[0:05] {}\n[0:12] {}\n[1:00] {}",
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_a_text_is_said_at_the_time_before_it(name: str) -> None:
    brought = formats.read(STARTS[name].format(ONE, TWO, THREE))
    assert brought.timed
    assert [(s.start_s, s.text) for s in brought.segments][-3:] == [
        (5.0, ONE),
        (12.0, TWO),
        (60.0, THREE),
    ]


NAMES = {
    "behind the name": "Ada: [00:05] {}\n\nBob: [00:12] {}\n\nAda: [01:00] {}",
    "behind the name, bare": "Ada: 00:05 {}\nBob: 00:12 {}\nAda: 01:00 {}",
    "between": "Ada [00:05]: {}\nBob [00:12]: {}\nAda [01:00]: {}",
    "before the name": "[00:05] Ada: {}\n[00:12] Bob: {}\n[01:00] Ada: {}",
    "bold": "**[00:05] Ada:** {}\n\n**[00:12] Bob:** {}\n\n**[01:00] Ada:** {}",
    "above": "Ada 00:00:05\n{}\n\nBob 00:00:12\n{}\n\nAda 00:01:00\n{}",
    "above, comma": "Ada, 0:05\n{}\n\nBob, 0:12\n{}\n\nAda, 1:00\n{}",
    "happyscribe": "[00:00:05.000] - Ada\n{}\n\n[00:00:12.000] - Bob\n{}\n\n[00:01:00.000] - Ada\n{}",
    "own line": "00:05\nAda\n{}\n\n00:12\nBob\n{}\n\n01:00\nAda\n{}",
    "premiere": "00:00:05:00 - 00:00:06:00\nAda\n{}\n\n00:00:12:00 - 00:00:13:00\nBob\n{}\n\n00:01:00:00 - 00:01:01:00\nAda\n{}",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_beside_a_time_is_who_speaks(name: str) -> None:
    read = formats.read(NAMES[name].format(ONE, TWO, THREE)).segments
    assert [(s.start_s, s.speaker, s.text) for s in read] == [
        (5.0, "Ada", ONE),
        (12.0, "Bob", TWO),
        (60.0, "Ada", THREE),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We met him (10:30) and went on.\nThen we ate.",
        "He said:\n10:30 am we start.\nThen it was over.\nNothing more.\nReally.",
        "It was version 1:23:45:67:89 of it.\nThen we ate.\nAnd slept.",
        "The score was 3:1.\nThen we ate.",
    ],
)
def test_a_time_that_was_spoken_of_is_no_stamp(text: str) -> None:
    brought = formats.read(text)
    assert not brought.timed
    assert " ".join(s.text for s in brought.segments) == " ".join(text.split())


def test_half_a_time_is_none() -> None:
    text = "\n".join(f"[00:00:0{n}:99:9] Line {n}." for n in range(1, 6))
    assert not formats.read(text).timed


def test_of_two_parts_each_keeps_its_times() -> None:
    part = "".join(f"[0:{n:02d}] Part {{}}, line {n}.\n" for n in range(10, 60, 10))
    starts = [
        line.partition("-")[0] for line in said(part.format(*"AAAAA") + part.format(*"BBBBB"))
    ]
    assert starts.count("10") == 1
    assert len(starts) == 10
    assert not any(":" in line for line in said(part.format(*"AAAAA") + part.format(*"BBBBB")))
