"""The owner's settings for programs: seen, changed, tried. Only the owner's tokens may."""

from collections.abc import Callable
from dataclasses import asdict

from draftmill.accounts.users import check_owner
from draftmill.choices import checks, stored
from draftmill.choices.stored import ADDRESS_OF, ENVIRONMENT
from draftmill.settings import Settings
from draftmill.trials import asking, choosing
from draftmill.trials.outcome import Look
from draftmill.web.api import setting_shapes as shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.present import Present
from draftmill.web.services import services_of
from draftmill.web.views.settings import PARTS, shown


def read(call: Call) -> Reply:
    """GET: all that the pages of the settings show."""
    check_owner(call.user)
    return _told(call)


def change(call: Call) -> Reply:
    """PATCH: in effect for the next job. What the server tells of its model is asked first."""
    check_owner(call.user)
    present = _present(call)
    choosing.save(call.db, present.given, call.user.id, _typed(call.body))
    present.read(call.db)
    return _told(call)


def try_out(part: str) -> Callable[[Call], Reply]:
    """POST: what the model writes or hears with these settings; 200 also when it failed."""

    def run(call: Call) -> Reply:
        check_owner(call.user)
        chosen = _chosen(call, _typed(call.body))
        checks.check_tried(chosen, part)
        trial = asking.try_out(chosen, call.user.id, part)
        return Reply(200, shapes.Trial(**asdict(trial)))

    return run


def look(part: str) -> Callable[[Call], Reply]:
    """POST: the models of a server, or the servers of this machine."""

    def run(call: Call) -> Reply:
        check_owner(call.user)
        body: shapes.WhereToLook = call.body
        if not body.address:
            return _found(asking.machine(_present(call).given, call.user.id, part))
        names = PARTS[part]
        typed = {names.address: body.address} | ({names.key: body.key} if body.key else {})
        return _found(asking.models(_chosen(call, typed), call.user.id, part))

    return run


def _present(call: Call) -> Present:
    return services_of(call.request).present


def _chosen(call: Call, typed: dict[str, str]) -> Settings:
    return stored.would_be(call.db, _present(call).given, checks.tidied(typed))


def _typed(body: shapes.SettingsChange) -> dict[str, str]:
    """What was sent, as a person types it."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    return {name: _text(value) for name, value in sent.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _told(call: Call) -> Reply:
    given = _present(call).given
    parts = [shown(call.db, given, part) for part in PARTS.values()]
    items = [
        shapes.Setting(
            name=one.name,
            value=None if one.name in ADDRESS_OF else one.text,
            source=one.source,
            variable=one.fixed_by if one.source == ENVIRONMENT else None,
            has_key=one.has_key,
        )
        for part in parts
        for one in part.values()
    ]
    return Reply(200, shapes.SettingList(items=items))


def _found(found: Look) -> Reply:
    servers = [
        shapes.FoundServer(
            name=one.name,
            base_url=one.base_url,
            models=[shapes.OfferedModel(**asdict(model)) for model in one.models],
        )
        for one in found.servers
    ]
    return Reply(200, shapes.Look(servers=servers, message=found.message, hint=found.hint))
