"""Failures with names: what happened, and what the person can do next."""

from typing import ClassVar


class Problem(Exception):
    """Something a person is told about.

    Every subclass has a stable `code` (for programs), a sentence on what happened
    (`message`) and a sentence on what to do (`hint`). `status` is the HTTP answer
    when a request meets it. A `transient` problem may heal by itself.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 422
    transient: ClassVar[bool] = False
    default_message: ClassVar[str] = "Draftmill met an error that it does not know."
    default_hint: ClassVar[str] = "Try again; if it stays, look into the server log."

    def __init__(
        self,
        message: str | None = None,
        hint: str | None = None,
        *,
        retry_after_s: float | None = None,
    ) -> None:
        self.message = message if message is not None else self.default_message
        self.hint = hint if hint is not None else self.default_hint
        self.retry_after_s = retry_after_s
        super().__init__(f"{self.message} {self.hint}".strip())


class NotFound(Problem):
    """The thing does not exist, or belongs to someone else: nobody can tell which."""

    code = "not_found"
    status = 404
    default_message = "There is nothing at this address."
    default_hint = "It may have been deleted. Go back to your projects."


class Conflict(Problem):
    """The request was understood, and the present state of things forbids it."""

    code = "conflict"
    status = 409
    default_message = "This cannot be done right now."
    default_hint = "Reload the page to see the present state."
