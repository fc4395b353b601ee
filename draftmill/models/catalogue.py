"""The models that can be downloaded: a table that comes along, and rows that the owner adds to it.

The owner's stand in `models.toml` in the folder of models, written as those here; one of the same
name takes its place.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from draftmill.errors import NotFound, Problem
from draftmill.settings import Settings

TABLE = "models.toml"
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")
FILE = re.compile(r"[A-Za-z0-9_][\w.-]{0,150}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}")


class ModelTableBroken(Problem):
    code = "model_table_broken"
    default_hint = "Correct it: docs/models.md shows how a row is written."


class ModelUnknown(NotFound):
    code = "model_unknown"
    default_message = "There is no such model."
    default_hint = "Reload the page to see those that there are."


@dataclass(frozen=True)
class Part:
    """One file of a model, as its address gives it."""

    file: str
    address: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Offer:
    """A model that can be had. `memory` is in bytes; `own` says that the owner added it."""

    name: str
    kind: Literal["language", "speech"]
    title: str
    good_for: str
    languages: str
    memory: int
    licence: str
    page: str
    parts: tuple[Part, ...]
    recommended: bool = False
    own: bool = False

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.parts)

    def place(self, settings: Settings) -> Path:
        """Where it lies when it is here: a language model's file, a speech model's folder."""
        return settings.models / (self.parts[0].file if self.kind == "language" else self.name)

    def target(self, settings: Settings, part: Part) -> Path:
        """Where one of its files goes."""
        place = self.place(settings)
        return place if self.kind == "language" else place / part.file

    def is_here(self, settings: Settings) -> bool:
        """Whether all of its files are here. They come by a rename, so one that is here is whole."""
        return all(self.target(settings, part).is_file() for part in self.parts)


def offers(settings: Settings) -> list[Offer]:
    """All of them, in the order of the tables. Raises ModelTableBroken."""
    found = {offer.name: offer for offer in _read(Path(__file__).with_name(TABLE), own=False)}
    owners = settings.models / TABLE
    if owners.is_file():
        found |= {offer.name: offer for offer in _read(owners, own=True)}
    return list(found.values())


def readable(settings: Settings) -> tuple[list[Offer], ModelTableBroken | None]:
    """The same for a page of them: without the owner's where their table is wrong, which is told."""
    try:
        return offers(settings), None
    except ModelTableBroken as broken:
        return _read(Path(__file__).with_name(TABLE), own=False), broken


def offer_of(settings: Settings, name: str) -> Offer:
    """One of them by its name. Raises ModelUnknown, ModelTableBroken."""
    found = next((offer for offer in offers(settings) if offer.name == name), None)
    if found is None:
        raise ModelUnknown
    return found


def _read(table: Path, *, own: bool) -> list[Offer]:
    found: list[Offer] = []
    place = f"A row of {table}"
    try:
        rows = tomllib.loads(table.read_text(encoding="utf-8")).get("model", [])
        for n, row in enumerate(rows, 1):
            place = f"Row {n} of {table}"
            found.append(_offer(row, own))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelTableBroken(f"{table} cannot be read: {error}.") from None
    except KeyError as error:
        raise ModelTableBroken(f"{place} is wrong: it has no {error.args[0]}.") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise ModelTableBroken(f"{place} is wrong: {error}.") from None
    return found


def _offer(row: Mapping[str, Any], own: bool) -> Offer:
    name, kind = _matching(NAME, row["name"]), str(row.get("kind", "language"))
    parts = tuple(_part(part) for part in row["files"])
    if kind not in ("language", "speech") or not parts:
        raise ValueError(f"{name} has no kind, or no files")
    if kind == "language" and (len(parts) != 1 or not parts[0].file.endswith(".gguf")):
        raise ValueError(f"{name} is not one GGUF file")
    return Offer(
        name=name,
        kind="speech" if kind == "speech" else "language",
        title=str(row.get("title", name)),
        good_for=str(row.get("good_for", "")),
        languages=str(row.get("languages", "")),
        memory=int(row["memory"]),
        licence=str(row.get("licence", "")),
        page=str(row.get("page", "")),
        parts=parts,
        recommended=bool(row.get("recommended", False)),
        own=own,
    )


def _part(row: Mapping[str, Any]) -> Part:
    address, size = str(row["address"]), int(row["bytes"])
    if not address.startswith(("https://", "http://")) or size <= 0:
        raise ValueError(f"{address} of {size} bytes is no file")
    return Part(_matching(FILE, row["file"]), address, size, _matching(DIGEST, row["sha256"]))


def _matching(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(f"{text!r} cannot be used")
    return text
