"""Numbers as strangers send them, in addresses, fields and headers."""

from starlette.convertors import Convertor, register_url_convertor

MOST_DIGITS = 18  # a database counts no further, and long numbers take the square of their digits


def number_in(text: str) -> int | None:
    """A whole number that a database can hold, else None."""
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if plain else None


class Number(Convertor[int]):
    """`{n:number}` in a route: nothing is at an address with a longer one."""

    regex = f"[0-9]{{1,{MOST_DIGITS}}}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", Number())
