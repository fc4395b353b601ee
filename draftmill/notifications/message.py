"""What is sent of a notification, in whatever form a channel has."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """What ended. `event` is "job.succeeded", "job.failed" or "test"; times are UTC text.

    Without a public address of this Draftmill `url` and `result_url` are empty. `number` is the
    same however often the message is tried: who gets it twice can tell.
    """

    number: str
    event: str
    words: str
    at: str
    job_id: str = ""
    type: str = ""
    project_id: str = ""
    title: str = ""
    error_code: str = ""
    error: str = ""
    url: str = ""
    result_url: str = ""
    result_until: str = ""

    @property
    def subject(self) -> str:
        """One line: what ended, and of what."""
        line = f"{self.words}: {self.title}" if self.title else self.words
        return " ".join(line.split())

    @property
    def text(self) -> str:
        """The same with where to find it, a line each."""
        lines = [
            self.title,
            self.error,
            f"Look at it: {self.url}" if self.url else "",
            f"Take it, without signing in, within 24 hours: {self.result_url}"
            if self.result_url
            else "",
        ]
        return "\n\n".join(line for line in lines if line) or self.words
