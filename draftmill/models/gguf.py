"""What the head of a model's file says of it, without loading the model.

The format is GGUF, as its specification in ggml's repository describes it (docs/gguf.md).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from draftmill.errors import Problem

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_KEYS = 10_000
LONGEST_TEXT = 4_000_000  # bytes: a chat template, of which only that there is one is kept
LONGEST_LIST = 2_000_000
KEPT_OF_LIST = 4_096  # items: one a layer is kept, a vocabulary is walked over
NUMBERS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
TEXT, LIST = 8, 9
BYTES_OF_CACHE = 2  # a number in the cache of what was read
USUAL_HEAD = 128  # numbers, where the file does not say


class ModelFileDamaged(Problem):
    code = "model_file_damaged"
    default_message = "This file is no model that can be used, or only a part of one."
    default_hint = "Delete it, and download it again; only GGUF files can be used."


@dataclass(frozen=True)
class Head:
    """What matters of a model's head. `context` is in tokens, `cache` in bytes for each of them."""

    architecture: str
    name: str
    context: int
    cache: int
    chats: bool  # it says how a conversation is written for it


def read_head(path: Path) -> Head:
    """The head of a file. Raises ModelFileDamaged for any other kind, and OSError."""
    with path.open("rb") as file:
        try:
            return _head(_values(file))
        except (struct.error, ValueError, UnicodeDecodeError, KeyError, TypeError):
            raise ModelFileDamaged from None


def _head(values: dict[str, object]) -> Head:
    kind = str(values["general.architecture"])

    def number(name: str, otherwise: int) -> int:
        value = values.get(f"{kind}.{name}", otherwise)
        return max(value) if isinstance(value, list) else int(value)  # type: ignore[call-overload, no-any-return]

    layers, heads = number("block_count", 0), number("attention.head_count", 1)
    of_layers = values.get(f"{kind}.attention.head_count_kv", heads)
    kept = sum(of_layers) if isinstance(of_layers, list) else int(of_layers) * layers  # type: ignore[call-overload]
    width = number("embedding_length", USUAL_HEAD * heads) // max(heads, 1)
    sizes = number("attention.key_length", width) + number("attention.value_length", width)
    # Some read only in every so manieth layer all that came before.
    kept //= max(number("full_attention_interval", 1), 1)
    return Head(
        architecture=kind,
        name=str(values.get("general.name", "")),
        context=number("context_length", 2048),
        cache=kept * sizes * BYTES_OF_CACHE,
        chats="tokenizer.chat_template" in values,
    )


def _values(file: IO[bytes]) -> dict[str, object]:
    if file.read(4) != MAGIC or _number(file, "<I") not in VERSIONS:
        raise ValueError("no GGUF file of a known version")
    _number(file, "<Q")  # of tensors
    count = _number(file, "<Q")
    if count > MOST_KEYS:
        raise ValueError("too many keys")
    values: dict[str, object] = {}
    for _ in range(count):
        name = _text(file)
        values[name] = _value(file, _number(file, "<I"))
    return values


def _value(file: IO[bytes], kind: int) -> object:
    if kind == TEXT:
        return _text(file)
    if kind == LIST:
        return _list(file)
    return _number(file, NUMBERS[kind])


def _list(file: IO[bytes]) -> list[object]:
    kind, count = _number(file, "<I"), _number(file, "<Q")
    if count > LONGEST_LIST:
        raise ValueError("a list is too long")
    read: Callable[[], object] = lambda: _value(file, kind)  # noqa: E731
    kept = [read() for _ in range(min(count, KEPT_OF_LIST))]
    if kind in NUMBERS:
        file.seek((count - len(kept)) * struct.calcsize(NUMBERS[kind]), 1)
    else:
        for _ in range(count - len(kept)):
            read()
    return kept


def _text(file: IO[bytes]) -> str:
    length = _number(file, "<Q")
    if length > LONGEST_TEXT:
        raise ValueError("a text is too long")
    text = file.read(length)
    if len(text) < length:
        raise ValueError("the file ends too early")
    return text.decode("utf-8", "replace")


def _number(file: IO[bytes], form: str) -> int:
    (number,) = struct.unpack(form, file.read(struct.calcsize(form)))
    return number  # type: ignore[no-any-return]
