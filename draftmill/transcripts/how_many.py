"""How many people speak, as a person tells it: "" for one, a number, MORE than four, or FIND out."""

from draftmill.errors import Problem

ONE, MORE, FIND = "", "more", "find"
MOST = 20
LEAST_OF_MORE = 5
CHOICES = (
    (ONE, "One"), ("2", "2"), ("3", "3"), ("4", "4"), (MORE, "More"), (FIND, "Find out (a guess)"),
)  # fmt: skip


class UnknownNumber(Problem):
    code = "unknown_number_of_speakers"
    default_message = "So many people cannot be told apart."
    default_hint = f"Choose a number up to {MOST}, “{MORE}”, or “{FIND}” to find out."


def checked(told: str) -> str:
    """The number as it is stored. Raises UnknownNumber."""
    plain = told.strip().lower()
    if plain in (MORE, FIND):
        return plain
    if plain in (ONE, "0", "1"):
        return ONE
    if not (plain.isascii() and plain.isdigit() and len(plain) < 3 and 1 < int(plain) <= MOST):
        raise UnknownNumber
    return str(int(plain))
