"""Runs one benchmark, as its own script would, and tells apart how it ended: `python alone.py FILE`.

It exits as the benchmark does, 0 or 1 by its bounds, and with BROKE_OFF where that did not come to
its end.
"""

import runpy
import sys
import traceback

BROKE_OFF = 3


def main(path: str) -> int:
    sys.argv = [path]
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        if not isinstance(end.code, str):
            return int(end.code or 0)
        print(end.code, file=sys.stderr)
        return BROKE_OFF
    except Exception:
        traceback.print_exc()
        return BROKE_OFF
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
