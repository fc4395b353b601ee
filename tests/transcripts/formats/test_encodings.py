"""Texts of before Unicode: read in their true encoding, or refused; never taken as garbage."""

import pytest

from draftmill.transcripts import formats
from tests.support.old_encodings import SPOKEN, caption_file, split

WRITTEN = [
    (language, encoding) for language, (encodings, _, _) in SPOKEN.items() for encoding in encodings
]
REFUSED_OFTEN = {("ru", "mac_cyrillic")}  # nearly the letters of Windows


def versions(language: str) -> list[tuple[str, str]]:
    """The same said in files: (name, text)."""
    _, short, more = SPOKEN[language]
    long = [short, *split(more)]
    return [
        ("short.txt", short),
        ("short.srt", caption_file(short)),
        ("long.txt", "\n".join(long)),
        ("long.srt", caption_file(*long)),
        ("other.srt", caption_file(*long[1:] * 3)),
    ]


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_what_was_said_is_read_in_its_own_letters_or_refused(language: str, encoding: str) -> None:
    read = 0
    for name, text in versions(language):
        content = text.encode(encoding, "ignore")
        said = content.decode(encoding)
        expected = "".join(line for line in said.split("\n") if not line[:1].isdigit())
        try:
            brought = formats.parse(content, name)
        except formats.UnknownEncoding:
            continue
        found = "".join(segment.text for segment in brought.segments)
        assert found.replace(" ", "") == expected.replace(" ", "")
        read += 1
    assert read >= (2 if (language, encoding) in REFUSED_OFTEN else 5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", SPOKEN)
def test_unicode_is_known_without_a_mark(language: str, encoding: str) -> None:
    for name, text in versions(language):
        plain = formats.parse(text, name)
        assert formats.parse(text.encode(encoding), name).segments == plain.segments


@pytest.mark.parametrize("language", ["de", "ru", "zh", "el"])
def test_a_nearly_valid_file_is_unicode_with_its_broken_letters_marked(language: str) -> None:
    _, short, more = SPOKEN[language]
    content = caption_file(short, *split(more)).encode()
    at = content.rindex(max(content))
    broken = content[:at] + b"\xff" + content[at + 1 :]
    before, after = formats.parse(content), formats.parse(broken)
    assert [s.text for s in after.segments][:-1] == [s.text for s in before.segments][:-1]
    count = after.segments[-1].text.count("\ufffd")
    assert count > 0
    assert before.warnings == []
    (told,) = after.warnings
    assert told.startswith(f"{count} letter")


@pytest.mark.parametrize(
    "content",
    [
        "Да.".encode("cp1251"),
        b"\xe0\xe1\xe2\xe3 \xff\xfe\xfd\xfc \x8f\x90\x9d " * 30,
        b"abc \xb3\xb9\xb2 def \xa4\xa6\xac",
    ],
)
def test_what_is_too_short_or_no_language_is_refused(content: bytes) -> None:
    with pytest.raises(formats.UnknownEncoding):
        formats.parse(content, "a.txt")
