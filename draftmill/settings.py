"""Environment and files -> one frozen Settings. Every setting is a variable DRAFTMILL_<NAME>.

What the owner chose in the pages is put over it by choices/stored.py.
"""

import contextlib
import difflib
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path

from draftmill.errors import Problem

PREFIX = "DRAFTMILL_"
SECRETS = {"transcribe_api_key", "llm_api_key", "smtp_password"}
BOUNDS = {
    "port": (0, 65535),
    "smtp_port": (1, 65535),
    "media_workers": (1, 100),
    "writing_workers": (1, 100),
    "clean_every_s": (0.1, math.inf),
    "ping_s": (0.1, math.inf),
    "pong_s": (0.1, math.inf),
}
# "" leaves it to what else is set: a server if there is an address, else what Draftmill can itself.
WAYS = {
    "writing_with": ("", "none", "server", "inside"),
    "listening_with": ("", "here", "server"),
}
# How far anything is meant to go: what is larger overflows a date, or a number of the database.
MOST_OF_UNIT = {"s": 10**9, "hours": 10**6, "days": 36_500, "ticks": 10**9}
MOST = 10**18
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class BadSetting(Problem):
    code = "bad_setting"


@dataclass(frozen=True)
class Settings:
    """What the owner chose. Times are in seconds, sizes in bytes, where the name says nothing else."""

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    trusted_proxies: str = ""
    api_rate: int = 3000
    ping_s: float = 30.0
    pong_s: float = 20.0

    max_upload: int = 10 * 10**9
    max_hours: float = 12.0
    max_pixels: int = 50 * 10**6
    upload_hours: float = 24.0
    upload_silent_s: float = 10.0
    media_workers: int = 1
    writing_workers: int = 4
    job_memory: int = 0

    listening_with: str = ""
    whisper_model: str = "tiny.en"
    whisper_threads: int = 0
    transcribe_base_url: str = ""
    transcribe_model: str = "whisper-1"
    transcribe_api_key: str = field(default="", repr=False)
    transcribe_hints: bool = False
    transcribe_timeout_s: float = 600.0
    writing_with: str = ""
    inside_model: str = ""
    inside_idle_s: float = 600.0
    models_folder: str = ""
    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_context: int = 8192
    llm_timeout_s: float = 120.0
    llm_checks: bool = False

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: bool = True
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    tell_networks: str = ""

    tick_s: float = 0.5
    silent_ticks: int = 30
    beat_s: float = 3.0
    crash_delay_s: float = 5.0
    patience_s: float = 15 * 60.0
    patience_total_s: float = 24 * 3600.0
    retry_delay_s: float = 1.0
    nudge_s: float = 0.25
    consumer_silent_ticks: int = 20
    lock_wait_s: float = 10.0
    session_days: float = 14.0
    session_max_days: float = 90.0
    keep_jobs_days: float = 30.0
    bin_days: float = 7.0
    orphan_hours: float = 24.0
    clean_every_s: float = 3600.0

    @property
    def database(self) -> Path:
        return self.data / "draftmill.db"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def uploads(self) -> Path:
        return self.data / "uploads"

    @property
    def models(self) -> Path:
        """Where models lie that this machine runs itself."""
        return Path(self.models_folder) if self.models_folder else self.data / "models"

    @property
    def running(self) -> Path:
        """Where the processes of models say how they are reached."""
        return self.data / "running"

    @property
    def writer(self) -> str:
        """What writes drafts: "server", "inside", or "" where they are outlines."""
        if self.writing_with == "inside":
            return "inside" if self.inside_model else ""
        ready = self.llm_base_url and self.llm_model and self.writing_with != "none"
        return "server" if ready else ""

    @property
    def has_language_model(self) -> bool:
        """Whether a model writes; else drafts are outlines in the speaker's words."""
        return bool(self.writer)

    @property
    def listens_on_server(self) -> bool:
        """Whether a server transcribes, and not this machine."""
        return bool(self.transcribe_base_url) and self.listening_with != "here"

    @property
    def queues(self) -> Path:
        return self.data / "queues"

    @cached_property
    def secret(self) -> bytes:
        """The key that signs cookies: made once, kept in the data folder."""
        return _secret(self.data / "secret")


DEFAULTS = Settings()


def resources() -> Path:
    """The folder that holds templates/ and static/, also inside a frozen binary."""
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; an empty variable is as none. Raises BadSetting."""
    known = [f.name for f in fields(Settings)]
    values: dict[str, object] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or not text.strip():
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.endswith("_file") and name.removesuffix("_file") in SECRETS:
            name, text = name.removesuffix("_file"), _file_text(variable, text)
        if name not in known:
            raise _unknown(variable, known)
        values[name] = value_of(name, text, variable)
    values["data"] = Path(str(values.get("data", "data"))).absolute()
    return Settings(**values)  # type: ignore[arg-type]


def named(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings that the environment sets, with the variables that do it."""
    found = {}
    for variable, text in environ.items():
        if variable.startswith(PREFIX) and text.strip():
            name = variable.removeprefix(PREFIX).lower()
            whose = name.removesuffix("_file")
            found[whose if whose in SECRETS else name] = variable
    return found


def hint_for(name: str, there: str, here: str) -> str:
    """What to do about a setting: `there` where the environment sets it, by {variable}; else `here`."""
    variable = named().get(name)
    return there.format(variable=variable) if variable else here


def value_of(name: str, text: str, variable: str = "") -> object:
    """The value of a setting that is written as text. Raises BadSetting, which names `variable`."""
    variable = variable or PREFIX + name.upper()
    value = _parse(variable, type(getattr(DEFAULTS, name)), text)
    _check_bounds(variable, name, text, value)
    ways = WAYS.get(name)
    if ways and value not in ways:
        raise BadSetting(f"{variable} is {text!r}.", f"Set it to {' or '.join(ways[1:])}.")
    return value


def _parse(variable: str, kind: type, text: str) -> object:
    text = text.strip()
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        if kind is int:
            number = text.upper().removesuffix("B").rstrip()
            unit = number[-1:] if number[-1:] in UNITS else ""
            return int(_finite(number.removesuffix(unit)) * UNITS[unit])
        if kind is float:
            return _finite(text)
    except (ValueError, KeyError, OverflowError):
        expected = {bool: "yes or no", int: "a whole number such as 500 or 2G", float: "a number"}
        raise BadSetting(f"{variable} is {text!r}.", f"Set it to {expected[kind]}.") from None
    return Path(text) if issubclass(kind, Path) else text


def _finite(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and text.isascii()):
        raise ValueError(text)
    return number


def _check_bounds(variable: str, name: str, text: str, value: object) -> None:
    least, most = BOUNDS.get(name, (0, math.inf))
    meant = min(most, MOST_OF_UNIT.get(name.rpartition("_")[2], MOST))
    if isinstance(value, int | float) and not least <= value <= meant:
        open_end = most == math.inf and value < least
        allowed = f"{least} or more" if open_end else f"{least} to {meant}"
        raise BadSetting(f"{variable} is {text!r}.", f"Set it to {allowed}.")


def _file_text(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            f"{variable} names a file that cannot be read: {error}.", "Check the path."
        ) from None


def _unknown(variable: str, known: list[str]) -> BadSetting:
    names = [PREFIX + name.upper() for name in known]
    near = difflib.get_close_matches(variable, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else "docs/settings.md lists all settings."
    return BadSetting(f"There is no setting {variable}.", hint)


def _secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and linked: a second process never reads half a key, and the first wins.
        aside = path.with_name(f"secret-{os.getpid()}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return path.read_bytes()
