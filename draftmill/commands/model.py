"""`draftmill model`: the models of this machine, listed, downloaded and tried; and the inner verb that
is the process of one (models/serving.py).
"""

import argparse
import json
import sys
import time
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING, Any

from draftmill.commands.data_folder import Verbs
from draftmill.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from draftmill.models.catalogue import Offer, Part
    from draftmill.models.running import Running

TRIAL_TOKENS, TRIAL_S = 80, 600.0
GIGABYTE = 10**9


def add_verb(verbs: Verbs) -> None:
    """`draftmill model` among the verbs of the command line."""
    verb = verbs.add_parser("model", help="the language models of this machine")
    what = verb.add_subparsers(required=True, metavar="WHAT")
    lists = what.add_parser("list", help="what is here, and what can be had")
    lists.set_defaults(run=_list)
    get = what.add_parser("get", help="download a model of the list")
    get.add_argument("name")
    get.set_defaults(run=_get)
    tries = what.add_parser("try", help="let a model that is here write two sentences")
    tries.add_argument("name")
    tries.set_defaults(run=_try)
    run = what.add_parser("run")
    run.add_argument("file")
    run.add_argument("run_file", type=int)
    run.add_argument("too_long", type=int)
    run.set_defaults(run=_run)


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from draftmill.models import serving

    serving.run(settings, options.file, options.run_file, options.too_long)


def _list(settings: Settings, options: argparse.Namespace) -> int:
    from draftmill.models.catalogue import offers
    from draftmill.models.kept import language_models

    files = {model.file for model in language_models(settings)}
    for offer in offers(settings):
        state = (
            "here" if offer.is_here(settings) else f"{offer.bytes / GIGABYTE:.1f} GB to download"
        )
        print(f"{offer.name:24} {state:20} {offer.title}: {offer.good_for}. {offer.licence}")
        files -= {part.file for part in offer.parts}
    for file in sorted(files):
        print(f"{file:24} {'here':20} yours")
    return 0


def _get(settings: Settings, options: argparse.Namespace) -> int:
    from draftmill.models import download
    from draftmill.models.catalogue import offer_of
    from draftmill.projects import fetching

    offer = offer_of(settings, options.name)
    fetching.check_room(settings, offer)
    done = 0
    for part in offer.parts:
        target, bar = offer.target(settings, part), Bytes(offer, done)
        if not target.is_file():
            _fetch(part, target, offer.own, bar)
            download.put_in_place(part, target, lambda have: None)
        done += part.bytes
    print(f"\n{offer.title} is here: {offer.place(settings)}")
    return 0


def _fetch(part: "Part", target: "Path", own: bool, bar: "Bytes") -> None:
    """Bring a file over as many breaks as the job of the pages; those are forgiven while bytes come."""
    from draftmill.jobs.policies import FETCH, of
    from draftmill.models import download

    policy, breaks = of(FETCH), 0
    while True:
        before = download.came(target)
        try:
            return download.fetch(part, target, own=own, tell=bar.tell)
        except download.DownloadBroken:
            breaks = 0 if download.came(target) > before else breaks + 1
            if breaks > policy.retries:
                raise
        time.sleep(policy.delays_s[min(max(breaks - 1, 0), len(policy.delays_s) - 1)])


class Bytes:
    """How far a download is, on standard error: a percentage on a terminal, else nothing."""

    def __init__(self, offer: "Offer", before: int) -> None:
        self._offer, self._before, self._told = offer, before, -1

    def tell(self, have: int) -> None:
        share = 100 * (self._before + have) // self._offer.bytes
        if share != self._told and sys.stderr.isatty():
            print(f"\r{self._offer.title}: {share} %", end="", file=sys.stderr, flush=True)
        self._told = share


def _try(settings: Settings, options: argparse.Namespace) -> int:
    from draftmill.commands.data_folder import open_database
    from draftmill.models import running
    from draftmill.trials.writing import ASK, sample
    from draftmill.writers.model import reading

    file = _file_of(settings, options.name)
    with closing(open_database(settings)) as db:
        running.start(settings, file)
        place = running.reach(settings, file, lambda: None)
        answer = _asked(place, ASK + sample())
        reading.keep_pace(db, place.model, answer)
    print(answer["choices"][0]["message"]["content"].strip())
    timings = answer.get("timings", {})
    print(
        f"{timings.get('prompt_per_second', 0):.0f} tokens read a second,"
        f" {timings.get('predicted_per_second', 0):.1f} written",
        file=sys.stderr,
    )
    return 0


def _file_of(settings: Settings, name: str) -> str:
    """The file of a model, which is named by its row or by itself. Raises ModelGone, ModelUnknown."""
    from draftmill.models.catalogue import offer_of
    from draftmill.models.kept import SUFFIX, language_model

    file = name if name.endswith(SUFFIX) else offer_of(settings, name).parts[0].file
    return language_model(settings, file).file


def _asked(place: "Running", prompt: str) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": prompt}], "max_tokens": TRIAL_TOKENS}
    headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(  # noqa: S310
        f"{place.base_url}/chat/completions", json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(asked, timeout=TRIAL_S) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found
