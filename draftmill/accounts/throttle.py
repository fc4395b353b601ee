"""How often a password may be tried, and a link opened: by account or link, and by address."""

import hashlib
import ipaddress
import math
import sqlite3
from collections.abc import Mapping

from draftmill.clock import moment, now
from draftmill.database.connection import transaction
from draftmill.errors import Problem

# Which attempts count together, how many there may be, and within how many seconds.
ATTEMPT_LIMITS = (
    ("account = :account and address = :address", 5, 15 * 60.0),
    ("address = :address", 50, 3600.0),
)
# A mail program looks at a link before its reader does, and a team may sit behind one address.
OPENING_LIMITS = (
    ("account = :account", 60, 10 * 60.0),
    ("address = :address", 600, 3600.0),
)
Limits = tuple[tuple[str, int, float], ...]


class TooManyAttempts(Problem):
    code = "too_many_attempts"
    status = 429
    default_message = "Too many attempts with a wrong password."


class TooManyOpenings(Problem):
    code = "too_many_openings"
    status = 429
    default_message = "This link was opened too often."


def count_attempt(db: sqlite3.Connection, account: str, address: str) -> None:
    """Note an attempt before its password is checked, so that many at once get no further.

    Raises TooManyAttempts, with the seconds until the next may be made.
    """
    who = {"account": account, "address": network_of(address)}
    _count(db, who, ATTEMPT_LIMITS, TooManyAttempts)


def count_opening(db: sqlite3.Connection, token: str, address: str) -> None:
    """Note that a link is asked for, before anything is read for it, also one that opens nothing.

    Raises TooManyOpenings, with the seconds until it may be opened again.
    """
    # Apart from attempts at a password: neither counts for the other.
    which = hashlib.sha256(token.encode()).hexdigest()
    who = {"account": f"link {which}", "address": f"link {network_of(address)}"}
    _count(db, who, OPENING_LIMITS, TooManyOpenings)


def _count(
    db: sqlite3.Connection, who: Mapping[str, str], limits: Limits, refusal: type[Problem]
) -> None:
    with transaction(db):
        # Also those of a clock that was set back since: nobody is kept out until it is there again.
        db.execute("delete from login_attempts where at < ? or at > ?", (now(-3600.0), now()))
        for together, most, window_s in limits:
            n, oldest = db.execute(
                f"select count(*), min(at) from login_attempts where {together} and at > :since",
                {**who, "since": now(-window_s)},
            ).fetchone()
            if n >= most:
                free_at = moment(oldest).timestamp() + window_s
                raise _refused(refusal, free_at - moment(now()).timestamp())
        db.execute(
            "insert into login_attempts (account, address, at) values (:account, :address, :at)",
            {**who, "at": now()},
        )


def forget_attempts(db: sqlite3.Connection, account: str, address: str) -> None:
    """The right password clears what was counted for this account from this address."""
    with transaction(db):
        db.execute(
            "delete from login_attempts where account = ? and address = ?",
            (account, network_of(address)),
        )


def network_of(address: str) -> str:
    """Who counts as one: an IPv4 address, or the /64 that one IPv6 household has to itself."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if ip.version == 6:
        return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
    return str(ip)


def _refused(refusal: type[Problem], wait_s: float) -> Problem:
    minutes = max(1, math.ceil(wait_s / 60))
    hint = f"Try again in {minutes} minute{'s' * (minutes > 1)}."
    return refusal(hint=hint, retry_after_s=max(1.0, math.ceil(wait_s)))
