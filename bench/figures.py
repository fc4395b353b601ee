"""One line a figure, the same from every benchmark: what was measured, its bound, and whether it held."""

import json


def report(
    figure: str,
    value: float,
    unit: str = "",
    most: float | None = None,
    least: float | None = None,
    note: str = "",
) -> bool:
    """Print a figure as a line of JSON. True unless it breaks its bound."""
    ok = (most is None or value <= most) and (least is None or value >= least)
    bound = f"≤ {most:g}" if most is not None else f"≥ {least:g}" if least is not None else ""
    line = {"figure": figure, "value": round(value, 3), "unit": unit, "bound": bound, "ok": ok}
    print(json.dumps(line | {"note": note}, ensure_ascii=False), flush=True)
    return ok
