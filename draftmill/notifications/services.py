"""Services that are reached by an apprise address: a list of those that are allowed, one row each.

Left out is whatever runs a program, writes a file or speaks to this machine, and every parameter
that reads a file of it ("template", "attach", keys). Only the module of the service is loaded, by
the child that sends.
"""

import importlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from draftmill.errors import Problem
from draftmill.notifications.failures import (
    MOST_READ,
    TIMEOUT_S,
    NotSent,
    line_of,
    of_network,
    of_status,
)
from draftmill.notifications.message import Message

PICK = "Use a service of the list, an e-mail address or the https address of a webhook."


class BadService(Problem):
    code = "bad_address"
    default_message = "This is no address of a service that can be used here."
    default_hint = PICK


@dataclass(frozen=True)
class Service:
    """A service of apprise: what people call it, its schemes, and the parameters it may have."""

    label: str
    schemes: tuple[str, ...]
    module: str
    name: str
    example: str
    parameters: frozenset[str] = frozenset({"to"})


SERVICES = (
    Service("Slack", ("slack",), "slack", "NotifySlack", "slack://TOKEN_A/TOKEN_B/TOKEN_C/#channel"),
    Service("Microsoft Teams", ("workflow", "workflows"), "workflows", "NotifyWorkflows", "workflows://HOST:443/WORKFLOW/SIGNATURE/", frozenset({"id", "workflow", "sig", "signature", "ver", "route", "routeid"})),
    Service("Discord", ("discord",), "discord", "NotifyDiscord", "discord://WEBHOOK_ID/WEBHOOK_TOKEN", frozenset({"thread", "botname"})),
    Service("Telegram", ("tgram",), "telegram", "NotifyTelegram", "tgram://BOT_TOKEN/CHAT_ID", frozenset({"to", "topic", "thread"})),
    Service("Matrix", ("matrix", "matrixs"), "matrix.base", "NotifyMatrix", "matrixs://USER:PASSWORD@HOST/#room", frozenset({"to", "mode", "token", "version", "msgtype"})),
    Service("ntfy", ("ntfy", "ntfys"), "ntfy", "NotifyNtfy", "ntfy://TOPIC, ntfys://HOST/TOPIC", frozenset({"to", "auth", "token", "priority", "mode"})),
    Service("Gotify", ("gotify", "gotifys"), "gotify", "NotifyGotify", "gotifys://HOST/TOKEN", frozenset({"priority"})),
    Service("Pushover", ("pover",), "pushover", "NotifyPushover", "pover://USER_KEY@TOKEN", frozenset({"to", "priority", "sound"})),
    Service("Mattermost", ("mmost", "mmosts"), "mattermost", "NotifyMattermost", "mmosts://HOST/TOKEN", frozenset({"to", "channel", "channels", "botname"})),
    Service("Rocket.Chat", ("rocket", "rockets"), "rocketchat", "NotifyRocketChat", "rockets://USER:PASSWORD@HOST/#channel", frozenset({"to", "mode"})),
    Service("Zulip", ("zulip",), "zulip", "NotifyZulip", "zulip://BOT@ORGANISATION/TOKEN/CHANNEL"),
    Service("Google Chat", ("gchat",), "google_chat", "NotifyGoogleChat", "gchat://WORKSPACE/KEY/TOKEN", frozenset({"workspace", "key", "token", "thread", "threadkey"})),
)  # fmt: skip
BY_SCHEME = {scheme: service for service in SERVICES for scheme in service.schemes}
# What people may try that apprise once had, or has for a machine's own user.
GONE = {"msteams": "Microsoft has ended those webhooks: make a workflow in Teams, and use workflows://."}  # fmt: skip


def service_of(address: str) -> Service:
    """The service of an address. Raises BadService, also for a parameter that is not allowed."""
    scheme = address.partition("://")[0].lower()
    service = BY_SCHEME.get(scheme)
    if service is None:
        raise BadService(f"{scheme[:20]}:// cannot be used here.", GONE.get(scheme, PICK))
    if refused := sorted(_parameters(address) - service.parameters):
        raise BadService(f"{service.label} takes no “{refused[0][:20]}” here.", "Leave it out.")
    return service


def _parameters(address: str) -> set[str]:
    """The names of an address's parameters, divided as apprise divides them, which is like no other."""
    parts = re.split("[&;]", address.partition("?")[2])
    return {unquote(part.partition("=")[0]).strip().lower() for part in parts if part}


def send(address: str, message: Message) -> str:
    """Send a message. Returns what the service answered. Raises NotSent, BadService."""
    exchange = _Exchange()
    plugin = _plugin(service_of(address), address)
    try:
        sent = bool(plugin.notify(body=message.text, title=message.subject))
    except OSError as error:  # requests' errors are
        exchange.error = error
        sent = False
    if sent:
        return exchange.answer
    raise exchange.problem()


def _plugin(service: Service, address: str) -> Any:
    from apprise import AppriseAsset

    module = importlib.import_module(f"apprise.plugins.{service.module}")
    kind = getattr(module, service.name)
    asset = AppriseAsset(storage_mode="memory", async_mode=False)
    asset.app_id = asset.app_desc = "Draftmill"
    asset.app_url = ""
    asset.image_url_mask = asset.image_url_logo = ""
    try:
        return kind(**kind.parse_url(address), asset=asset)  # None for what it cannot read
    except (TypeError, ValueError, LookupError):
        # Its words would name what is a secret.
        raise BadService(
            f"This is no whole address of {service.label}.", f"It looks like {service.example}"
        ) from None


class _Exchange:
    """What went over the line: apprise tells only whether it worked.

    It follows no redirect, uses no proxy, and reads so much of an answer.
    """

    def __init__(self) -> None:
        import requests

        self.error: BaseException | None = None
        self.status = 0
        self.answer = self.retry_after = ""
        ask = requests.Session.request

        def request(session: Any, *given: Any, **more: Any) -> Any:
            session.trust_env = False
            more |= {"allow_redirects": False, "stream": True, "timeout": TIMEOUT_S}
            try:
                response = ask(session, *given, **more)
            except requests.RequestException as error:
                self.error = error
                raise
            response._content = b""  # it has answered, whatever becomes of its words
            with suppress(OSError):
                response._content = next(response.iter_content(MOST_READ), b"")
            response.close()
            self._note(response)
            return response

        requests.Session.request = request  # type: ignore[assignment, method-assign]

    def _note(self, response: Any) -> None:
        self.error = None
        self.status = response.status_code
        self.answer = f"{self.status} {line_of(response.content)}".strip()
        self.retry_after = response.headers.get("retry-after", "")

    def problem(self) -> Problem:
        if self.error is not None:
            return of_network(self.error) or of_status(502, type(self.error).__name__)
        if self.status >= 300:
            said = self.answer.partition(" ")[2]
            return of_status(self.status, said, self.retry_after)
        return NotSent(
            "The service did not take the message.", "Check the address.", answer=self.answer
        )
