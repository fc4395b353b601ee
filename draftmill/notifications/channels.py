"""Where else a user wants to be told: one row a kind of channel, and the user's own channels.

An address is a secret: it is stored sealed, and no page, answer, error or log shows it again.
"""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from draftmill.accounts.secret import new_secret
from draftmill.accounts.users import BadEmail, check_there, normal_email
from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.notifications import addresses, outbox, services
from draftmill.notifications.failures import NotSent, as_kept
from draftmill.notifications.message import Message
from draftmill.notifications.sealing import seal, unseal
from draftmill.notifications.services import BadService
from draftmill.settings import Settings

MOST = 20  # of one user
NAME_CHARACTERS = 80
ADDRESS_CHARACTERS = 2000
# RFC 5322's dot-atom before the @, as mail.py writes it; a domain may have letters of any language.
SENT_TO = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[^@.\[\]]+(?:\.[^@.\[\]]+)*"
)
COLUMNS = "id, user_id, kind, name, created_at"


class BadAddress(BadService):
    default_message = "This is no address that can be used here."


class NoMail(Problem):
    code = "no_mail"
    default_message = "This Draftmill cannot send mail yet."
    default_hint = (
        "The owner sets DRAFTMILL_SMTP_HOST and DRAFTMILL_SMTP_FROM; then start it again."
    )


class NoName(Problem):
    code = "no_name"
    default_message = "The channel has no name."
    default_hint = f"Type one of up to {NAME_CHARACTERS} characters."


class TooManyChannels(Conflict):
    code = "too_many_channels"
    default_message = f"There are {MOST} channels already."
    default_hint = "Remove one that you do not need."


class NameTaken(Conflict):
    code = "channel_name_taken"
    default_message = "You have a channel of this name."
    default_hint = "Choose another name."


@dataclass(frozen=True)
class Channel:
    """A channel as it may be shown: without its address."""

    id: int
    user_id: int
    kind: str
    name: str
    created_at: str

    @property
    def label(self) -> str:
        """What kind of channel it is, in words."""
        return KINDS[self.kind].label


@dataclass(frozen=True)
class Kind:
    """A kind of channel. `send` gets settings, address, signing key and message.

    It returns what the other side answered, and raises NotSent. What it sends with is loaded by
    the child that calls it. `guarded` keeps it away from private addresses.
    """

    label: str
    send: Callable[[Settings, str, str, Message], str]
    guarded: bool = True
    signs: bool = False


def _mail(settings: Settings, to: str, key: str, message: Message) -> str:
    from draftmill.notifications import mail

    return mail.send(settings, to, message)


def _webhook(settings: Settings, url: str, key: str, message: Message) -> str:
    from draftmill.notifications import webhook

    return webhook.post(url, key, message)


def _service(settings: Settings, url: str, key: str, message: Message) -> str:
    return services.send(url, message)


KINDS: dict[str, Kind] = {
    "mail": Kind("E-mail", _mail, guarded=False),
    "webhook": Kind("Webhook", _webhook, signs=True),
    **{one.schemes[0]: Kind(one.label, _service) for one in services.SERVICES},
}


def kind_of(settings: Settings, address: str) -> tuple[str, str]:
    """The kind of an address, and the address as it is stored.

    Raises BadAddress, BadService, BadEmail, NoMail, PrivateAddress.
    """
    scheme, _, rest = address.partition(":")
    scheme = scheme.lower()
    if scheme in ("http", "https"):
        return "webhook", _web_address(settings, address)
    if scheme in ("mailto", "mailtos") or (rest == "" and "@" in address):
        check_mail(settings)
        return "mail", _mail_address(rest.lstrip("/") if rest else address)
    if "://" not in address:
        raise BadAddress
    service = services.service_of(address)
    return service.schemes[0], address


def check_mail(settings: Settings) -> None:
    """Raise NoMail while the owner has set no server."""
    if not (settings.smtp_host and settings.smtp_from):
        raise NoMail


def _mail_address(text: str) -> str:
    email = normal_email(text)
    if not SENT_TO.fullmatch(email):
        raise BadEmail("Mail cannot be sent to this address.")
    return email


def _web_address(settings: Settings, address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadAddress from None
    odd = not address.isascii() or not address.isprintable() or " " in address
    if not host or odd or "@" in parts.netloc:
        raise BadAddress
    addresses.check(host, addresses.allowed_networks(settings))
    return parts._replace(fragment="").geturl()


def add(
    db: sqlite3.Connection, settings: Settings, user_id: int, name: str, address: str
) -> tuple[Channel, str]:
    """A new channel of a user's, and the key that signs what it gets: shown now, and never again.

    The key is "" for a kind that signs nothing. Raises what `kind_of` does, NoName, NameTaken,
    TooManyChannels.
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    address = address.strip()
    if not 0 < len(name) <= NAME_CHARACTERS:
        raise NoName
    if not 0 < len(address) <= ADDRESS_CHARACTERS:
        raise BadAddress
    kind, address = kind_of(settings, address)
    key = new_secret() if KINDS[kind].signs else ""
    with transaction(db):
        check_there(db, user_id)
        _check_room(db, user_id)
        row = db.execute(
            "insert into channels (user_id, kind, name, address, signing_key, created_at)"
            " values (?, ?, ?, ?, ?, ?) on conflict (user_id, name) do nothing"
            f" returning {COLUMNS}",
            (user_id, kind, name, seal(settings, address), seal(settings, key), now()),
        ).fetchone()
        if row is None:
            raise NameTaken
    return Channel(*row), key


def _check_room(db: sqlite3.Connection, user_id: int) -> None:
    count = "select count(*) from channels where user_id = ?"
    if db.execute(count, (user_id,)).fetchone()[0] >= MOST:
        raise TooManyChannels


def channels_of(db: sqlite3.Connection, user_id: int) -> list[Channel]:
    """A user's channels, in the order in which they were added."""
    query = f"select {COLUMNS} from channels where user_id = ? order by id"
    return [Channel(*row) for row in db.execute(query, (user_id,))]


def channel_of(db: sqlite3.Connection, channel_id: int) -> Channel:
    """A channel, whoever's it is. Raises NotFound."""
    row = db.execute(f"select {COLUMNS} from channels where id = ?", (channel_id,)).fetchone()
    if row is None:
        raise NotFound
    return Channel(*row)


def channel_for(db: sqlite3.Connection, user_id: int, channel_id: int) -> Channel:
    """One of a user's own. Raises NotFound."""
    channel = channel_of(db, channel_id)
    if channel.user_id != user_id:
        raise NotFound
    return channel


def remove(db: sqlite3.Connection, user_id: int, channel_id: int) -> None:
    """Remove one of a user's own, with its log and what was still to be sent. Raises NotFound.

    What no other channel tells is told in the app.
    """
    channel = channel_for(db, user_id, channel_id)
    with transaction(db):
        outbox.give_up(db, user_id, channel.id)
        db.execute("delete from channels where id = ?", (channel.id,))


def send(db: sqlite3.Connection, settings: Settings, channel: Channel, message: Message) -> str:
    """Send a message by a channel. Returns what the other side answered, in short.

    Called in a child that does nothing else: from here on it reaches no private address, unless
    the channel is the owner's own server. Raises NotSent, Unreadable, NoMail, BadService,
    PrivateAddress.
    """
    sealed = "select address, signing_key from channels where id = ?"
    row = db.execute(sealed, (channel.id,)).fetchone()
    if row is None:
        raise NotFound
    address, key = (unseal(settings, text) for text in row)
    kind = KINDS[channel.kind]
    if channel.kind == "mail":
        check_mail(settings)
    if kind.guarded:
        addresses.guard(addresses.allowed_networks(settings))
    try:
        return as_kept(kind.send(settings, address, key, message), address, key)
    except NotSent as problem:
        problem.answer = as_kept(problem.answer, address, key)
        raise


def examples() -> list[tuple[str, str]]:
    """What an address of each service looks like, for people."""
    return [(service.label, service.example) for service in services.SERVICES]
