"""Names of files: any can be shown, and none is a path."""

import pytest

from draftmill.uploads.names import display_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"talk.mp4", "talk.mp4"),
        ("Müller – Vortrag.mp4".encode(), "Müller – Vortrag.mp4"),
        (b"M\xfcller.mp4", "Müller.mp4"),
        (b"\xff\xfe\x81.mp4", "ÿþ\ufffd.mp4"),
        (b"../../etc/passwd", "passwd"),
        (rb"C:\fakepath\talk.mp4", "talk.mp4"),
        (b"a\r\nSet-Cookie: x\x00\x1b[31m.mp4", "a Set-Cookie: x [31m.mp4"),
        (b"two%0D%0Alines%22.mp4", 'two lines".mp4'),
        ("evil\u202e4pm.exe".encode(), "evil4pm.exe"),
        ("שלום.mp4".encode(), "שלום.mp4"),
        ("e\u0301.mp4".encode(), "é.mp4"),
        (b"..", ""),
        (b"", ""),
        (b"/", ""),
    ],
)
def test_any_file_name_can_be_shown(raw: bytes, shown: str) -> None:
    assert display_name(raw) == shown


def test_a_long_file_name_keeps_its_ending() -> None:
    assert display_name(b"x" * 250 + b".webm") == "x" * 250 + ".webm"
    shown = display_name(b"x" * 300 + b".webm")
    assert (len(shown), shown[-6:]) == (255, "….webm")
