"""The stages that bring a model onto this machine: its files, their hashes, and how fast it writes."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

from draftmill.choices import stored
from draftmill.errors import Problem
from draftmill.jobs.attempt import Attempt
from draftmill.models import download as files
from draftmill.models.catalogue import Offer, Part, offer_of
from draftmill.notifications import addresses
from draftmill.trials import asking
from draftmill.uploads.disk import RESERVE, no_room, sync_folder


def download(attempt: Attempt) -> None:
    """Bring what is missing of every file; a break is tried again from where it was."""
    offer = _offer(attempt)
    if not offer.own:
        # The rest of this process's life: it is there for this job alone.
        addresses.guard(())
    begun = sum(have for _, have in _came(attempt, offer))
    _check_disk(attempt, offer, begun)
    done = 0
    for part in offer.parts:
        target = offer.target(attempt.settings, part)
        if not target.is_file():
            try:
                files.fetch(part, target, own=offer.own, tell=_teller(attempt, offer, done))
            except files.DownloadBroken:
                _forgive(attempt, offer, begun)
                raise
        done += part.bytes


def check(attempt: Attempt) -> None:
    """Check every file that came, and put it where it belongs; nothing writes yet: let it write."""
    offer, done = _offer(attempt), 0
    for part in offer.parts:
        target = offer.target(attempt.settings, part)
        if not target.is_file():
            files.put_in_place(part, target, _teller(attempt, offer, done))
            sync_folder(target.parent)
        done += part.bytes
    _use(attempt, offer)


def measure(attempt: Attempt) -> None:
    """Let a language model write two sentences: what a draft takes here is known before the first."""
    offer = _offer(attempt)
    if offer.kind != "language":
        return
    file = offer.parts[0].file
    settings = replace(attempt.settings, writing_with="inside", inside_model=file)
    try:
        said = asking.try_out(settings, attempt.job.user_id, "writing").message
    except Problem as problem:
        said = problem.message
    if said:
        attempt.log(f"How fast it writes here is not known yet. {said}")


def _offer(attempt: Attempt) -> Offer:
    return offer_of(attempt.settings, attempt.project["file_name"])


def _came(attempt: Attempt, offer: Offer) -> Iterator[tuple[Part, int]]:
    for part in offer.parts:
        yield part, files.came(offer.target(attempt.settings, part))


def _check_disk(attempt: Attempt, offer: Offer, have: int) -> None:
    attempt.settings.models.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(attempt.settings.models).free < offer.bytes - have + RESERVE:
        raise no_room()


def _teller(attempt: Attempt, offer: Offer, before: int) -> files.Tell:
    return lambda have: attempt.progress(before + have, offer.bytes, "bytes")


def _forgive(attempt: Attempt, offer: Offer, begun: int) -> None:
    """As long as bytes come, it is tried again: what is kept shows that the job gets on."""
    have = sum(have for _, have in _came(attempt, offer))
    if have > begun:
        attempt.keep("download", offer.name, {"bytes": have})


def _use(attempt: Attempt, offer: Offer) -> None:
    """The first language model writes from now on, if nothing does and the owner never chose."""
    given = attempt.settings
    if offer.kind != "language" or given.writer or given.writing_with:
        return
    wished = {"writing_with": "inside", "inside_model": offer.parts[0].file}
    if not wished.keys() & stored.fixed(given).keys():
        stored.choose(attempt.db, given, attempt.job.user_id, wished)
