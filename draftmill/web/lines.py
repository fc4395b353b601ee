"""The line to an open page: uvicorn's websocket, with an end for pages that take nothing."""

from contextlib import suppress

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

STUCK_S = 30.0


class Line(WebSocketsSansIOProtocol):
    """uvicorn's websocket, which knows since when its page takes nothing."""

    _stuck_since = 0.0

    def pause_writing(self) -> None:
        self._stuck_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck_since = 0.0
        super().resume_writing()

    def shutdown(self) -> None:
        """Ask the page to come back, unless it is closing already."""
        with suppress(InvalidState):
            super().shutdown()
        self.transport.close()

    def give_up_if_stuck(self, moment: float) -> None:
        """End it when it has taken nothing for too long, at a moment of the loop's clock."""
        if 0 < self._stuck_since < moment - STUCK_S:
            self.transport.abort()
