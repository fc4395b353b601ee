"""The one file: from its start until `/healthz` answers, unpacked already and not.

make binary && .venv/bin/python bench/binary.py
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report, report_rounds
from upload import free_port

PROGRAM = ROOT / "dist" / "draftmill"
STARTS = 7
SECOND_START_S = 1.5
ASK_S = 0.01


def start_s(folder: Path) -> float:
    """Seconds from starting the server until it answers; it is ended again."""
    port = free_port()
    environ = os.environ | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "DRAFTMILL_DATA": str(folder / "data"),
        "DRAFTMILL_PORT": str(port),
    }
    began = time.monotonic()
    process = subprocess.Popen([PROGRAM, "serve"], env=environ, stdout=subprocess.DEVNULL)
    try:
        while not answers(port):
            time.sleep(ASK_S)
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def main() -> int:
    subprocess.run([sys.executable, ROOT / "binary" / "build.py"], check=True, stdout=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        first_s = start_s(Path(name))
        later_s = [start_s(Path(name)) for _ in range(STARTS)]
    report("size of the file", PROGRAM.stat().st_size / 1e6, "MB")
    report("first start until it answers", first_s, "s", note="it unpacks itself")
    held = report_rounds("second start until it answers", later_s, "s", most=SECOND_START_S)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
