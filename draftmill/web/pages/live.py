"""The socket of an open page: its header, what changed on it since, then whatever changes."""

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket

from draftmill.accounts.sessions import find_session
from draftmill.notifications import inbox
from draftmill.web.channel import LATER
from draftmill.web.indicators import HeaderNews
from draftmill.web.numbers import number_in
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.sockets import Socket
from draftmill.web.tabs import ASK, Message, missed, tab_of
from draftmill.web.views.notices import toasts_of_others

TALKS = 1008  # pages only listen


async def live(websocket: WebSocket) -> None:
    """Tell a page of what it shows, until it goes or its session ends."""
    session = websocket.state.session
    if session is None:
        await websocket.close(TALKS)  # a program: it has event streams of its own
        return
    await websocket.accept()
    channel = services_of(websocket).channel
    socket = Socket(websocket, session, tab_of(websocket.query_params))
    if not channel.enter(socket):
        await websocket.close(LATER)
        return
    try:
        await _tell_missed(websocket, socket)
        await _listen(websocket)
    finally:
        channel.leave(socket)


async def _tell_missed(websocket: WebSocket, socket: Socket) -> None:
    messages, has_news = await run_in_threadpool(_missed, websocket, socket)
    socket.catch_up(messages)
    if has_news:
        services_of(websocket).channel.tell_news(socket.user_id)


def _missed(websocket: WebSocket, socket: Socket) -> tuple[list[Message], bool]:
    """What a page open for ?open= seconds missed, and whether something has ended that no page has shown."""
    with database(websocket) as db:
        if find_session(db, socket.session, settings_of(websocket)) is None:
            return [ASK], False  # it ended a moment ago: whatever asks is told so
        services, user_id, tab = services_of(websocket), socket.user_id, socket.tab
        open_s = number_in(websocket.query_params.get("open", "")) or 0
        others = toasts_of_others(db, user_id, open_s) if open_s else ()
        if others:
            services.channel.is_shown(user_id, others)
        header = HeaderNews(services.indicators.shown(db, user_id), others=others)
        messages = [header.message, *missed(db, services.live, user_id, tab)]
        return messages, inbox.waits(db, user_id)


async def _listen(websocket: WebSocket) -> None:
    received = await websocket.receive()
    if received["type"] != "websocket.disconnect":
        await websocket.close(TALKS)
