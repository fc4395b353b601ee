"""A hint that names a setting says that it counts only after a new start."""

import importlib
import inspect
import pkgutil
import re

import draftmill
from draftmill.choices.stored import OFFERED
from draftmill.errors import Problem

RESTARTS = ("start Draftmill again", "start it again", "restart Draftmill")
AT_START = "draftmill.commands"  # what fails before anything runs needs no second start


def problems() -> list[type[Problem]]:
    for module in pkgutil.walk_packages(draftmill.__path__, "draftmill."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, rest = [], [Problem]
    while rest:
        kind = rest.pop()
        found.append(kind)
        rest += kind.__subclasses__()
    return [
        kind for kind in found if kind.__module__.startswith("draftmill.")
    ]  # tests make some, too


def test_every_hint_that_names_a_setting_says_that_draftmill_is_started_again() -> None:
    named = [
        kind
        for kind in problems()
        if "DRAFTMILL_" in kind.default_hint and not kind.__module__.startswith(AT_START)
    ]
    assert named
    silent = [kind.__name__ for kind in named if not any(w in kind.default_hint for w in RESTARTS)]
    assert not silent


OFFERED_IN_PAGES = re.compile("DRAFTMILL_(?:" + "|".join(name.upper() for name in OFFERED) + ")")


def test_no_hint_sends_to_the_environment_alone_for_what_the_pages_offer() -> None:
    named = [kind for kind in problems() if OFFERED_IN_PAGES.search(kind.default_hint)]
    assert named
    assert [kind.__name__ for kind in named if "in the settings" not in kind.default_hint] == []


def test_the_table_of_server_failures_says_it_too() -> None:
    from draftmill.model_servers import failures

    rows = [
        value for _, value in inspect.getmembers(failures) if isinstance(value, failures.Failure)
    ]
    named = [row for row in rows if "{server.settings}" in row.hint]
    assert len(named) > 5
    elsewhere = (failures.UNREADABLE,)
    silent = [
        r.message for r in named if not any(w in r.hint for w in RESTARTS) and r not in elsewhere
    ]
    assert not silent
