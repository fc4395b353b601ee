"""A house whose drafts a model inside writes: the small one of the tests, in its folder of models."""

import contextlib
import json
import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.house import QUICK, House, opened
from tests.support.llama_server import model_file

SMALL = "smollm2.gguf"
FULL_STOP = 30  # in its vocabulary
UNSIGNED = 4  # the kind of number that a token is, in such a file
HEAD = 4_000_000  # bytes
INSIDE = {"DRAFTMILL_WRITING_WITH": "inside", "DRAFTMILL_INSIDE_MODEL": SMALL}


def lay_model(data: Path, name: str = SMALL) -> Path:
    """Put the small model's file where an owner would; it ends its answer with a sentence."""
    (data / "models").mkdir(parents=True, exist_ok=True)
    file = data / "models" / name
    shutil.copyfile(model_file(), file)
    with file.open("r+b") as model:
        field = b"tokenizer.ggml.eos_token_id" + struct.pack("<I", UNSIGNED)
        model.seek(model.read(HEAD).index(field) + len(field))
        model.write(struct.pack("<I", FULL_STOP))
    return file


@contextlib.contextmanager
def writing_house(data: Path, **environ: str) -> Iterator[House]:
    lay_model(data)
    with opened(data, **QUICK, **INSIDE, **environ) as house:
        yield house


def process_of(data: Path, name: str = SMALL) -> dict[str, Any]:
    """What the process of a model says of itself; empty before it listens."""
    try:
        said = json.loads((data / "running" / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return said if "pid" in said and lives(said["pid"]) else {}


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, 9)
