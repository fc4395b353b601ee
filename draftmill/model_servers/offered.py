"""A model that a server offers: plain data, for whoever shows it and asks no server."""

from dataclasses import dataclass

LEAST, LARGEST = 1, 100_000_000  # tokens


@dataclass(frozen=True)
class Offered:
    """A model: its name, how many tokens it reads at once, and how many it could if it were let.

    What the server does not tell is None.
    """

    name: str
    context: int | None = None
    most: int | None = None


def tokens(value: object) -> int | None:
    """A number of tokens, None for anything else."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return value if number and LEAST <= value <= LARGEST else None  # type: ignore[operator, return-value]
