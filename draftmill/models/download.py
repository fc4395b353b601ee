"""The bytes of a file, from an address to the disk: resumed after a break, and checked in the end.

Only what downloads loads the client: server and workers know this module too.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from draftmill.errors import Problem
from draftmill.models.catalogue import Part
from draftmill.notifications.addresses import PrivateAddress

if TYPE_CHECKING:
    import httpx2

Tell = Callable[[int], None]
PIECE = 1 << 20  # bytes
REDIRECTS = 5
SILENT_S = 60.0
CONNECT_S = 15.0
RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
GONE_FOR_GOOD = (401, 403, 404, 410, 451)


class DownloadBroken(Problem):
    code = "download_broken"
    status = 503
    transient = True
    default_message = "The download broke off."
    default_hint = "Check the connection to the internet and press Retry: it goes on where it was."


class DownloadAtWork(Problem):
    code = "download_at_work"
    status = 409
    default_message = "This model is being downloaded."
    default_hint = "Wait until that ends, or end it first."


class DownloadRefused(Problem):
    code = "download_refused"
    default_hint = "Choose another model, or try again later."


class WrongFile(Problem):
    code = "wrong_file"
    default_message = (
        "What was downloaded is not the file that the table names: its sha256 differs."
    )
    default_hint = (
        "It was thrown away. Press Retry; if it happens again, the file was changed there."
    )


def part_file(target: Path) -> Path:
    """Where a file is while it comes."""
    return target.with_name(f".{target.name}.part")


def discard(target: Path) -> bool:
    """Forget what has come of a file, unless a download writes it; whether none does."""
    try:
        with part_file(target).open("rb") as file:
            _lock(file)
            part_file(target).unlink(missing_ok=True)
    except DownloadAtWork:
        return False
    except FileNotFoundError:
        pass
    _tag_file(target).unlink(missing_ok=True)
    return True


def came(target: Path) -> int:
    """How many bytes of a file are here."""
    for file in (target, part_file(target)):
        with suppress(OSError):
            return file.stat().st_size
    return 0


def fetch(part: Part, target: Path, *, own: bool, tell: Callable[[int], None]) -> None:
    """Bring what is missing of a file beside `target`, telling how many bytes of it are here.

    With `own` the owner named the address. Raises DownloadBroken, DownloadRefused, WrongFile,
    PrivateAddress, DownloadAtWork, and OSError of the disk.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with part_file(target).open("ab") as file, _named_errors():
        _lock(file)
        have = file.seek(0, os.SEEK_END)
        if have > part.bytes:
            _begin_anew(file)
            have = 0
        tell(have)
        if have < part.bytes:
            try:
                with _asked(part.address, _headers(target, have), own) as answer:
                    _take(answer, file, part, target, tell)
            except WrongFile:
                _begin_anew(file)
                _tag_file(target).unlink(missing_ok=True)
                raise
        file.flush()
        os.fsync(file.fileno())


def put_in_place(part: Part, target: Path, tell: Callable[[int], None]) -> None:
    """Check a file that has come, telling how many bytes are checked, and put it where it belongs.

    Raises WrongFile, and throws away what was wrong; DownloadAtWork.
    """
    digest, done = hashlib.sha256(), 0
    with part_file(target).open("rb") as file:
        _lock(file)
        while piece := file.read(PIECE):
            digest.update(piece)
            done += len(piece)
            tell(done)
    if done != part.bytes or digest.hexdigest() != part.sha256:
        discard(target)
        raise WrongFile
    part_file(target).replace(target)
    _tag_file(target).unlink(missing_ok=True)


def _take(
    answer: "httpx2.Response",
    file: IO[bytes],
    part: Part,
    target: Path,
    tell: Callable[[int], None],
) -> None:
    found = RANGE.fullmatch(answer.headers.get("content-range", ""))
    if answer.status_code != 206 or not found or int(found[1]) != file.tell():
        # It gives the whole file, of this or of another state: what is here is no part of it.
        if file.tell() or "html" in answer.headers.get("content-type", ""):
            _check_is_file(answer, part)
        _begin_anew(file)
    _keep_tag(answer, target)
    have = file.tell()
    for piece in answer.iter_raw():
        have += len(piece)
        if have > part.bytes:
            raise WrongFile("More bytes came than the table says that the file has.")
        file.write(piece)
        tell(have)
    if have < part.bytes:
        raise DownloadBroken


def _check_is_file(answer: "httpx2.Response", part: Part) -> None:
    """Raise DownloadBroken for what is not the file: a network that wants a sign-in gives its page."""
    size = answer.headers.get("content-length", "")
    if size != str(part.bytes) and (size or "html" in answer.headers.get("content-type", "")):
        raise DownloadBroken(f"{answer.url.host} gave something else in place of the file.")


def _lock(file: IO[bytes]) -> None:
    """Have a file for ourselves until it is closed: two would write between each other's bytes."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DownloadAtWork from None


def _begin_anew(file: IO[bytes]) -> None:
    file.truncate(0)
    file.seek(0)


def _headers(target: Path, have: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        with suppress(OSError):
            headers["If-Range"] = _tag_file(target).read_text(encoding="ascii")
    return headers


def _keep_tag(answer: "httpx2.Response", target: Path) -> None:
    """What tells this state of the file from others; a weak one may not be asked for by."""
    tag = answer.headers.get("etag", "")
    if tag.startswith("W/") or not tag.isascii() or not tag:
        tag = answer.headers.get("last-modified", "")
    if tag:
        _tag_file(target).write_text(tag, encoding="ascii")


def _tag_file(target: Path) -> Path:
    return target.with_name(f".{target.name}.tag")


@contextmanager
def _asked(address: str, headers: dict[str, str], own: bool) -> Iterator["httpx2.Response"]:
    """The answer to a GET, after redirects: these lead to HTTPS only, or stay where the owner said."""
    import httpx2

    first = httpx2.URL(address)
    url = first
    timeout = httpx2.Timeout(SILENT_S, connect=CONNECT_S)
    with httpx2.Client(timeout=timeout, follow_redirects=False) as client:
        for _ in range(REDIRECTS):
            if url.scheme != "https" and not (own and url.host == first.host):
                raise DownloadRefused(f"The download leads to {url.host} without encryption.")
            with client.stream("GET", url, headers=headers) as answer:
                if not answer.has_redirect_location:
                    _check_status(answer)
                    yield answer
                    return
                url = url.join(answer.headers["location"])
    raise DownloadRefused("The download leads from one address to the next without an end.")


def _check_status(answer: "httpx2.Response") -> None:
    status = answer.status_code
    if status in GONE_FOR_GOOD:
        raise DownloadRefused(f"{answer.url.host} does not give the file (HTTP {status}).")
    if status == 416:
        raise WrongFile("The server has fewer bytes than the table says that the file has.")
    if status not in (200, 206):
        raise DownloadBroken(f"{answer.url.host} cannot give the file now (HTTP {status}).")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise DownloadRefused(f"{answer.url.host} gives the file only in another form.")


@contextmanager
def _named_errors() -> Iterator[None]:
    import httpx2

    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, PrivateAddress):
                raise PrivateAddress from None
            cause = cause.__cause__ or cause.__context__
        raise DownloadBroken from error
