"""What a person typed for a setting, tidied, or refused in the words of the page."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from draftmill.choices.stored import ADDRESS_OF, OFFERED
from draftmill.errors import Problem
from draftmill.letters import printable
from draftmill.settings import BadSetting, Settings, value_of

ADDRESS_CHARACTERS = 2_000
NAME_BYTES = 255  # as of a file
KEY_CHARACTERS = 2_000
LEAST_CONTEXT = 1_000  # tokens: less than any draft needs
LABELS = {
    "writing_with": "What writes",
    "llm_base_url": "The server's address",
    "llm_api_key": "The key",
    "llm_model": "The model",
    "llm_context": "The number of tokens",
    "llm_timeout_s": "The longest silence",
    "llm_checks": "Whether the model is asked about what is in doubt",
    "inside_model": "The model",
    "listening_with": "What listens",
    "transcribe_base_url": "The server's address",
    "transcribe_api_key": "The key",
    "transcribe_model": "The model",
    "transcribe_hints": "Whether it is told what the recording is about",
    "transcribe_timeout_s": "The longest silence",
    "whisper_model": "The speech model",
}


class BadChoice(Problem):
    """A setting cannot be what was typed."""

    code = "bad_setting"
    default_message = "This cannot be set to that."
    default_hint = "Set it to something else."


class Incomplete(Problem):
    code = "setting_missing"
    default_message = "Something that is needed is not set."
    default_hint = "Set it too."


def tidied(typed: Mapping[str, str]) -> dict[str, str | None]:
    """What was typed as it is stored, None for the default. Raises BadChoice."""
    return {name: _tidied(name, typed[name].strip()) for name in OFFERED if name in typed}


def check_whole(settings: Settings) -> None:
    """Raise Incomplete where a way was chosen without what it needs."""
    if settings.writing_with == "server":
        _check_named(settings.llm_base_url, settings.llm_model)
    if settings.listening_with == "server":
        _check_named(settings.transcribe_base_url, settings.transcribe_model)
    if settings.writing_with == "inside" and not settings.inside_model:
        raise Incomplete("No model is chosen.", "Choose one of those on this machine.")


def check_tried(settings: Settings, part: str) -> None:
    """Raise Incomplete where there is nothing to try on a page, "writing" or "listening"."""
    check_whole(settings)
    if part == "writing" and not settings.has_language_model:
        raise Incomplete("There is nothing to try.", "Outlines are made without a model.")


def _check_named(address: str, model: str) -> None:
    if not address:
        raise Incomplete("The server has no address.", "Type one, or look on this machine.")
    if not model:
        raise Incomplete("No model of the server is chosen.", "List its models, and choose one.")


def _tidied(name: str, text: str) -> str | None:
    if not text:
        return "none" if name == "writing_with" else None
    if name in ADDRESS_OF:
        return _key(text)
    if name in ADDRESS_OF.values():
        return _address(text)
    if len(text.encode()) > NAME_BYTES or printable(text) != text:
        raise BadChoice(f"{LABELS[name]} cannot be called that.", "Type its name as it is shown.")
    if name == "whisper_model":
        _check_folder(text)
    try:
        value = value_of(name, text, LABELS[name])
    except BadSetting as problem:
        raise BadChoice(problem.message, problem.hint) from None
    if name == "llm_context" and isinstance(value, int) and value < LEAST_CONTEXT:
        raise BadChoice(
            f"{LABELS[name]} is {value}.", f"Type {LEAST_CONTEXT:,} or more, or leave it empty."
        )
    return text


def _key(text: str) -> str:
    if len(text) > KEY_CHARACTERS or not text.isascii() or not text.isprintable() or " " in text:
        raise BadChoice("The key holds characters that no key has.", "Copy it again, whole.")
    return text


def _address(text: str) -> str:
    hint = "Type one such as http://localhost:8080/v1."
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadChoice("This is not an address.", hint) from None
    odd = not text.isascii() or not text.isprintable() or " " in text
    if odd or not host or parts.scheme not in ("http", "https") or len(text) > ADDRESS_CHARACTERS:
        raise BadChoice("This is not an address.", hint)
    if "@" in parts.netloc:
        raise BadChoice("The address holds a name or a password.", "Type the key apart from it.")
    return parts._replace(fragment="").geturl()


def _check_folder(name: str) -> None:
    """Raise BadChoice for a path that leads to no model."""
    folder = os.path.expanduser(name)  # noqa: PTH111 - a pathlib.Path raises for an odd one
    inside = os.path.isfile(f"{folder}/model.bin")  # noqa: PTH113
    if (name.startswith((".", "/", "~")) or os.path.isdir(folder)) and not inside:  # noqa: PTH112
        raise BadChoice(
            f"There is no speech model in {printable(name)}: it holds no model.bin.",
            "Name a folder with a Whisper model in CTranslate2's format.",
        )
