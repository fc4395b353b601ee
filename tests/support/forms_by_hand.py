"""Forms written onto a connection byte by byte."""

import socket
from urllib.parse import urlsplit

import httpx2

from tests.support.house import House

BOUNDARY = "boundary-of-a-test"


def head_of(house: House, client: httpx2.Client, length: int, *more: str) -> bytes:
    address = urlsplit(house.url)
    lines = [
        "POST /projects HTTP/1.1",
        f"Host: {address.netloc}",
        f"Origin: {house.url}",
        "Cookie: " + "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar),
        "Accept: application/json",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {length}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def connect(house: House) -> socket.socket:
    address = urlsplit(house.url)
    return socket.create_connection((str(address.hostname), address.port or 80), 30)


def announced(house: House, client: httpx2.Client, length: int) -> str:
    """The answer to a form of this length, of which nothing but the head is sent."""
    with connect(house) as line:
        line.sendall(head_of(house, client, length, "Expect: 100-continue", "Connection: close"))
        pieces = []
        while piece := line.recv(65536):
            pieces.append(piece)
    return b"".join(pieces).decode()


def part(name: str | bytes, content: bytes, field: str = "recording") -> bytes:
    raw = name if isinstance(name, bytes) else name.encode()
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="'.encode()
    return head + raw + b'"\r\n\r\n' + content + b"\r\n"
