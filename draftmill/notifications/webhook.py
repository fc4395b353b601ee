"""A signed POST of JSON to a program that a user names. docs/notifications.md says how to check it."""

import hashlib
import hmac
import http.client
import json
import time
from contextlib import suppress
from urllib.parse import urlsplit

from draftmill import __version__
from draftmill.notifications.failures import (
    MOST_READ,
    TIMEOUT_S,
    line_of,
    of_network,
    of_status,
)
from draftmill.notifications.message import Message


def signature(key: str, timestamp: str, body: bytes) -> str:
    """The HMAC-SHA256 of "TIMESTAMP.BODY" under a channel's key, in hex."""
    signed = timestamp.encode() + b"." + body
    return hmac.digest(key.encode(), signed, hashlib.sha256).hex()


def body_of(message: Message) -> bytes:
    """The JSON of a message."""
    told = {
        "id": message.number,
        "event": message.event,
        "created_at": message.at,
        "message": message.subject,
        "job": {"id": message.job_id, "type": message.type} if message.job_id else None,
        "project": {"id": message.project_id, "title": message.title}
        if message.project_id
        else None,
        "error": {"code": message.error_code, "message": message.error} if message.error else None,
        "url": message.url or None,
        "result_url": message.result_url or None,
        "result_expires_at": message.result_until or None,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def headers_of(key: str, message: Message, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Draftmill/{__version__}",
        "Draftmill-Event": message.event,
        "Draftmill-Delivery": message.number,
        "Draftmill-Timestamp": timestamp,
        "Draftmill-Signature": f"v1={signature(key, timestamp, body)}",
    }


def post(url: str, key: str, message: Message) -> str:
    """Send a message. Returns what the other side answered. Raises NotSent."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    body = body_of(message)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers_of(key, message, body))
        answer = connection.getresponse()
        said = ""
        with suppress(OSError, http.client.HTTPException):  # it has answered, whatever it says
            said = line_of(answer.read1(MOST_READ))
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise of_network(error) or of_status(502, type(error).__name__) from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise of_status(answer.status, said, answer.headers.get("retry-after", ""))
    return f"{answer.status} {said}".strip()
