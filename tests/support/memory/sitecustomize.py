"""On the path of a house, this makes each of its processes see the free memory that a file names.

The file holds kilobytes; where it is missing, the machine's own figure counts.
"""

import os
import re
from pathlib import Path

_read = Path.read_text


def _pretend(path: Path, *given: str, **named: str) -> str:
    text = _read(path, *given, **named)
    figure = Path(os.environ["FREE_MEMORY"])
    if str(path) != "/proc/meminfo" or not figure.is_file():
        return text
    return re.sub(r"(?m)^MemAvailable:.*", f"MemAvailable: {_read(figure)} kB", text)


if "FREE_MEMORY" in os.environ:
    Path.read_text = _pretend  # type: ignore[assignment]
