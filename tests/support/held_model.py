"""A model that works until a test lets it end."""

import threading

from tests.support.model_server import Exchange, chunk

REPLY = "# We cut our build\n\nThe remote cache saved eleven minutes for every developer."


class Gate:
    """Answers that stream words until the test lets them end."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def answer(self, exchange: Exchange) -> None:
        exchange.open()
        while not self.open.wait(0.1) and not exchange.closing.is_set():
            exchange.event(chunk(content="words "))
        exchange.event(chunk("stop", content="and an end."))
        exchange.write(b"data: [DONE]\n\n")
        exchange.close()
