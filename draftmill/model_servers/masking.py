"""Secrets that come back in a server's words: whole or in part, as they are or in disguise."""

import base64
import html
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, unquote

SAME = 8  # letters and digits in a row that are a secret's are a part of it
LEAST = 3  # a shorter secret is none, and would be found everywhere
LONGEST = 2_000  # characters of a secret


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text with "…" for what it holds of the secrets.

    Case and whatever stands between letters and digits do not count; also found are secrets
    written backwards, and as Base64, hexadecimal or decimal numbers, and escapes.
    """
    places = [at for at, letter in enumerate(text) if letter.isalnum()]
    dense = "".join(text[at].lower()[0] for at in places)
    hidden = bytearray(len(text))
    for size, pieces in _pieces(secrets).items():
        for at in range(len(dense) - size + 1):
            if dense[at : at + size] in pieces:
                first, last = places[at], places[at + size - 1]
                hidden[first : last + 1] = b"\1" * (last + 1 - first)
    kept = []
    for at, letter in enumerate(text):
        if not hidden[at]:
            kept.append(letter)
        elif not at or not hidden[at - 1]:
            kept.append("…")
    return "".join(kept)


def _pieces(secrets: Iterable[str]) -> dict[int, set[str]]:
    """What must not be seen, by its length."""
    found: dict[int, set[str]] = {}
    for secret in secrets:
        for form in _forms(secret[:LONGEST]):
            dense = "".join(one.lower()[0] for one in form if one.isalnum())
            size = min(SAME, len(dense))
            if size >= LEAST:
                windows = (dense[at : at + size] for at in range(len(dense) - size + 1))
                found.setdefault(size, set()).update(windows)
    return found


def _forms(secret: str) -> Iterator[str]:
    for way in (secret, secret[::-1]):
        for disguise in DISGUISES:
            form = disguise(way)
            yield form
            yield form[::-1]


def _base64(before: int) -> Callable[[str], str]:
    """As Base64 of a longer text in which so many bytes (of each three) stand before the secret."""

    def disguise(secret: str) -> str:
        written = base64.b64encode(b"\0" * before + secret.encode() + b"\0" * 3).decode()
        # What the neighbours have a part in is not the secret's alone.
        return written[before and before + 1 : (before + len(secret.encode())) * 8 // 6]

    return disguise


def _numbers(form: str) -> Callable[[str], str]:
    return lambda secret: "".join(format(ord(one), form) for one in secret)


DISGUISES: tuple[Callable[[str], str], ...] = (
    str,
    unquote,
    lambda secret: quote(secret, safe=""),
    html.escape,
    *(_base64(before) for before in range(3)),
    *(_numbers(form) for form in ("02x", "d", "03o")),
    *(
        lambda secret, mark=mark: "".join(f"{mark}{ord(one):02x}" for one in secret)
        for mark in ("x", "u00")
    ),
)
