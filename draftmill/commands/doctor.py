"""`draftmill doctor`: is everything well, and if not, what to do. Works beside a running server too."""

import contextlib
import fcntl
import importlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from importlib import metadata
from urllib.parse import urlsplit

from draftmill import __version__
from draftmill.choices.stored import read
from draftmill.clock import now
from draftmill.commands import trust
from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.letters import printable
from draftmill.maintenance import invariants, janitor
from draftmill.settings import Settings
from draftmill.uploads.disk import RESERVE

# What is loaded to see whether it can be: the package, and its module.
PARTS = {"av": "av", "faster-whisper": "faster_whisper", "wordllama": "wordllama", "pillow": "PIL"}
MOST = 20  # things of one kind that are printed
RESTART = "Restart Draftmill. If it stays, put a backup of the data folder in place."


@dataclass
class Findings:
    """What was looked at, as (name, value) lines, and what is wrong: (sentence, what to do)."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def says(self, name: str, value: str) -> None:
        self.lines.append((name, value))


def run(settings: Settings) -> int:
    """Look at everything and print it. Returns 0 when all is well, else 1."""
    findings, settings = Findings(), read(settings)
    serves = is_served(settings)
    for look in (_data, _serve, _database, _speech, _limits, _writing, _parts):
        look(settings, serves, findings)
    for line in _page(findings):
        print(line)
    return 1 if findings.wrong else 0


def is_served(settings: Settings) -> bool:
    """Whether a `serve`, or a worker of one, holds the data folder. Disturbs nobody."""
    try:
        with (settings.data / "serve.lock").open("r") as lock:
            # Shared: a `serve` that starts just now tries again a moment later.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _page(findings: Findings) -> Iterator[str]:
    width = max(len(name) for name, _ in findings.lines)
    yield f"Draftmill {__version__}"
    yield ""
    for name, value in findings.lines:
        yield f"  {name:<{width}}  {value}"
    yield ""
    if not findings.wrong:
        yield "All is well."
        return
    yield "Something is wrong:" if len(findings.wrong) == 1 else "Some things are wrong:"
    by_hint: dict[str, list[str]] = {}
    for sentence, hint in findings.wrong:
        by_hint.setdefault(hint, []).append(sentence)
    for hint, sentences in by_hint.items():
        yield ""
        yield from (f"  - {printable(sentence)}" for sentence in sentences[:MOST])
        if len(sentences) > MOST:
            yield f"  … and {len(sentences) - MOST} more like this."
        yield f"  What to do: {hint}"


def _data(settings: Settings, serves: bool, findings: Findings) -> None:
    if not settings.data.is_dir():
        findings.says("data folder", f"{settings.data}, not there")
        findings.wrong.append(
            (
                f"There is no data folder {settings.data}.",
                "Run `draftmill serve` once, or set DRAFTMILL_DATA to the folder that you mean.",
            )
        )
        return
    free = shutil.disk_usage(settings.data).free
    findings.says("data folder", f"{settings.data}, {_size(free)} free")
    if free < RESERVE:
        findings.wrong.append(
            (
                f"Only {_size(free)} of the disk are free; below {_size(RESERVE)} nothing is taken in.",
                "Free some space, or delete projects and recordings that are no longer needed.",
            )
        )


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def _serve(settings: Settings, serves: bool, findings: Findings) -> None:
    findings.says("server", "runs" if serves else "does not run")
    try:
        findings.wrong += [(sentence, trust.HINT) for sentence in trust.too_trusting(settings)]
    except Problem as problem:
        findings.wrong.append((problem.message, problem.hint))


def _database(settings: Settings, serves: bool, findings: Findings) -> None:
    if not settings.database.is_file():
        findings.says("database", "not there")
        if settings.data.is_dir():
            hint = "Run `draftmill serve` once, or put a backup of the data folder in place."
            findings.wrong.append(("There is no database in the data folder.", hint))
        return
    try:
        with closing(connect(settings.database, 30.0)) as db:
            db.execute("pragma query_only = on")
            if _schema(db, findings):
                _rows(db, settings, serves, findings)
    except sqlite3.Error as error:
        findings.says("database", f"cannot be read ({error})")
        findings.wrong.append(
            (f"The database cannot be read: {error}.", "See who may read it, or restore a backup.")
        )


def _schema(db: sqlite3.Connection, findings: Findings) -> bool:
    """Whether the database has the tables that this program knows."""
    from sqlite_utils import Database

    from draftmill.database.schema import migrations

    known = [migration.name for migration in migrations.pending(Database(memory=True))]
    applied = [migration.name for migration in migrations.applied(Database(db))]
    newest = applied[-1] if applied else "none"
    if set(applied) == set(known):
        findings.says("database", f"schema {newest}")
        return True
    findings.says("database", f"schema {newest}; this program has {known[-1]}")
    if set(applied) - set(known):
        hint = "Update Draftmill, or put back a backup from before the update."
        findings.wrong.append(("The database was made by a newer Draftmill.", hint))
    else:
        hint = "Restart Draftmill: the database is brought up to date at its start."
        findings.wrong.append(("The database is of an older Draftmill.", hint))
    return False


def _rows(db: sqlite3.Connection, settings: Settings, serves: bool, findings: Findings) -> None:
    jobs = dict(db.execute("select status, count(*) from jobs group by status").fetchall())
    ended = sum(jobs.get(status, 0) for status in ("succeeded", "failed", "cancelled"))
    findings.says(
        "jobs",
        f"{jobs.get('running', 0)} at work, {jobs.get('pending', 0)} waiting, {ended:,} ended"
        f" ({jobs.get('failed', 0)} failed)",
    )
    _janitor(db, settings, serves, findings)
    # What became an orphan since the janitor's last round is none that it has left.
    orphans_after_s = settings.orphan_hours * 3600 + 2 * settings.clean_every_s
    broken = invariants.broken(db, settings, consumers_live=serves, orphans_after_s=orphans_after_s)
    findings.says("invariants", f"{len(broken)} broken" if broken else "all hold")
    findings.wrong += [(sentence, RESTART) for sentence in broken]


def _janitor(db: sqlite3.Connection, settings: Settings, serves: bool, findings: Findings) -> None:
    run = janitor.last_run(db)
    if run is None:
        findings.says("janitor", "has not run yet")
        return
    at = f"{run.at[:10]} {run.at[11:16]} UTC"
    findings.says("janitor", f"{at}: {str(run.report) or 'nothing to do'}")
    if run.report.failed:
        hint = "Look for “janitor” in the server log: the reason stands there."
        findings.wrong.append(
            (f"The janitor could not {', '.join(run.report.failed).replace('_', ' ')}.", hint)
        )
    if serves and run.at < now(-2 * settings.clean_every_s - 600):
        hint = "Look for “janitor” in the server log, and restart Draftmill."
        findings.wrong.append((f"The janitor has not run since {at}.", hint))


def _speech(settings: Settings, serves: bool, findings: Findings) -> None:
    if settings.listens_on_server:
        server = _address(settings.transcribe_base_url)
        findings.says("speech to text", f"{settings.transcribe_model} at {server}")
        return
    name = settings.whisper_model
    try:
        found = _model(settings)
    except Problem as problem:
        findings.says("speech to text", f"{name}, not usable")
        findings.wrong.append((problem.message, problem.hint))
        return
    findings.says("speech to text", f"{name}, {found}")


def _model(settings: Settings) -> str:
    """In what state the speech model is. Raises ModelMissing, ModelDamaged."""
    from draftmill.speech import folders, whisper

    if folders.placed(settings) is None and not folders.is_path(settings.whisper_model):
        here = folders.folder_here(settings) is not None
        return "downloaded" if here else "downloaded when it is first needed"
    whisper.verify(whisper.model_folder(settings, lambda message, size: None))
    return "ready"


def _limits(settings: Settings, serves: bool, findings: Findings) -> None:
    from draftmill.speech.memory import room

    pictures = f"pictures of {settings.max_pixels / 1e6:g} megapixels"
    findings.says("limits", f"{pictures}, {_size(room(settings))} of memory for a job")


def _writing(settings: Settings, serves: bool, findings: Findings) -> None:
    if settings.writer == "":
        findings.says("writing", "without a model: outlines in the speaker's own words")
        findings.says("a model", "the owner chooses one on the page Settings, Writing")
        return
    if settings.writer == "inside":
        findings.says("writing", f"{settings.inside_model}, inside Draftmill")
        return
    key = "with a key" if settings.llm_api_key else "without a key"
    findings.says("writing", f"{settings.llm_model} at {_address(settings.llm_base_url)}, {key}")


def _address(url: str) -> str:
    """A server's address without what may be secret in it: user, password, query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return printable(f"{parts.scheme}://{host}{parts.path}")


def _parts(settings: Settings, serves: bool, findings: Findings) -> None:
    found = []
    for package, module in PARTS.items():
        try:
            importlib.import_module(module)
        except Exception as error:  # a part that cannot be loaded may raise anything
            findings.wrong.append(
                (f"{package} cannot be loaded: {error}.", "Install Draftmill again.")
            )
            continue
        with contextlib.suppress(metadata.PackageNotFoundError):  # as in a frozen binary
            package = f"{package} {metadata.version(package)}"
        found.append(package)
    findings.says("parts", ", ".join(found))
