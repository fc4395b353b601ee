"""A secret is told by no server, in whatever disguise it comes back."""

import base64
import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest

from draftmill.model_servers.masking import masked

KEY = "sk-Zq9x_W7-p2L+v/8mTt"
DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "backwards": lambda key: key[::-1],
    "in capitals": str.upper,
    "in small letters": str.lower,
    "with the case changed": str.swapcase,
    "spaced": " ".join,
    "dashed, backwards": lambda key: "-".join(key[::-1]),
    "a letter a line": "\n".join,
    "with what cannot be seen": "\u200b".join,
    "as a list": lambda key: str(list(key)),
    "quoted for an address": lambda key: quote(key, safe=""),
    "quoted in full": lambda key: "".join(f"%{ord(c):02X}" for c in key),
    "escaped for a page": html.escape,
    "as decimal references": lambda key: "".join(f"&#{ord(c)};" for c in key),
    "as hexadecimal references": lambda key: "".join(f"&#x{ord(c):x};" for c in key),
    "as escapes of JSON": lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
    "as escapes of C": lambda key: "".join(f"\\x{ord(c):02x}" for c in key),
    "in hexadecimal": lambda key: key.encode().hex(),
    "in spaced hexadecimal": lambda key: key.encode().hex(" ").upper(),
    "as a list of bytes": lambda key: str(list(key.encode())),
    "in Base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in Base64 without an end": lambda key: base64.b64encode(key.encode()).decode().rstrip("="),
    "in Base64 for addresses": lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    "in Base64, backwards": lambda key: base64.b64encode(key[::-1].encode()).decode(),
    "its beginning": lambda key: key[:13] + "***",
    "its middle": lambda key: key[3:16],
}


@pytest.mark.parametrize("key", [KEY, "correct horse battery", "3f2a9c0d77e1b5"])
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_secret_is_known_in_every_disguise(disguise: Callable[[str], str], key: str) -> None:
    told = masked(f"The key {disguise(key)} is not ours", [key])
    left = told.removeprefix("The key ").removesuffix(" is not ours")
    assert "…" in left
    # At most the letter in which Base64 mixes the last bits of the key with what follows.
    assert len(re.findall(r"\w", left)) <= 1, told


@pytest.mark.parametrize("before", ["u:", "me:", "user:", "Bearer "])
def test_a_secret_inside_base64_is_known(before: str) -> None:
    packed = base64.b64encode(f"{before}{KEY}".encode()).decode()
    told = masked(f"Authorization {packed}", ["", KEY])
    left = told.removeprefix("Authorization ").replace("…", "").rstrip("=")
    assert "…" in told
    assert len(left) <= len(base64.b64encode(before.encode())) + 2, told


@pytest.mark.parametrize("secrets", [[], [""], ["ab"], [KEY]])
def test_what_holds_no_secret_is_told_as_it_is(secrets: list[str]) -> None:
    text = "Model “whisper-1” is not available in your region; see https://example.org/ab?c=1#115."
    assert masked(text, secrets) == text
