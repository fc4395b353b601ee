"""What the model is asked: the task as the system's message, the material as data."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from content_actions import ContentType
from draftmill.settings import resources
from draftmill.writers.material import Material
from draftmill.writers.model.fitting import plain

# Stands in a prompt where each request puts a fence of its own. `plain` lets no NUL through,
# so nothing that was said can hold it.
FENCE = "\x00fence\x00"


@dataclass(frozen=True)
class Prompt:
    """A question to the model. The material stands between fences that nobody can guess."""

    system: str
    user: str

    @property
    def characters(self) -> int:
        return len(self.system) + len(self.user)

    def messages(self) -> list[dict[str, str]]:
        """The messages of one request."""
        fence = secrets.token_hex(8)
        return [
            {"role": "system", "content": self.system.replace(FENCE, fence)},
            {"role": "user", "content": self.user.replace(FENCE, fence)},
        ]

    def key(self, model: str) -> str:
        """What names this question's answer among the kept ones: the same for every fence."""
        text = json.dumps([model, self.system, self.user])
        return hashlib.sha256(text.encode()).hexdigest()


def task(
    content: ContentType, material: Material, source: str, instructions: str, **facts: Any
) -> Prompt:
    """The question for a draft. `source` is the material's text, or notes of it."""
    facts |= {"content": content, "wish": plain(instructions), "language": plain(material.language)}
    return Prompt(_render(content.prompt, **facts), _user(material, source))


def notes(material: Material, source: str, words: int, *, timed: bool) -> Prompt:
    """The question for notes of one part of a long recording, of at most `words` words."""
    system = _render("_notes.md", words=words, timed=timed, language=plain(material.language))
    return Prompt(system, _user(material, source))


def shorter(texts: list[str], limit: int, what: str) -> Prompt:
    """The question for shorter versions of some texts, each of at most `limit` characters."""
    source = "\n---\n".join(texts)
    system = _render("_shorter.md", limit=limit, what=what, count=len(texts))
    return Prompt(system, _render("_texts.md", source=source.replace("\x00", "")))


def _user(material: Material, source: str) -> str:
    return _render(
        "_material.md", title=plain(material.title), context=plain(material.context), source=source
    )


def _render(name: str, **values: Any) -> str:
    return _templates().get_template(name).render(fence=FENCE, **values).strip()


@cache
def _templates() -> Environment:
    # The result is text for a model, never a page: HTML escapes would only confuse it.
    return Environment(  # noqa: S701
        loader=FileSystemLoader(resources() / "templates" / "prompts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
