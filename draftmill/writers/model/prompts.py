"""What the model is asked: the rules, the material as data, and the task last.

Rules and material are the same for every draft of a project, to the letter, so that a server
which keeps what it has read reads them once.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from content_actions import ContentType
from draftmill.content_types.placeholders import filled
from draftmill.settings import resources
from draftmill.writers.material import Material
from draftmill.writers.model.fitting import plain, said

# Stands in a prompt where the installation's fence for the material comes in. `plain` lets no
# NUL through, so nothing that was said can hold it.
FENCE = "\x00fence\x00"
GO_ON = (
    "Your answer was cut off there. Go on right behind it, in the same form, and come to an end"
    " soon. Repeat nothing of it."
)


@dataclass(frozen=True)
class Prompt:
    """A question to the model. The material stands between fences that nobody can guess.

    With `said` it asks to go on with an answer that was cut off.
    """

    system: str
    material: str
    task: str = ""
    said: str = ""  # the beginning of an answer that is to be gone on with

    @property
    def user(self) -> str:
        """What the person says: the material first."""
        return f"{self.material}\n\n{self.task}" if self.task else self.material

    @property
    def characters(self) -> int:
        return len(self.system) + len(self.user) + len(self.said)

    def messages(self, fence: str) -> list[dict[str, str]]:
        """The messages of one request."""
        messages = [
            {"role": "system", "content": self.system.replace(FENCE, fence)},
            {"role": "user", "content": self.user.replace(FENCE, fence)},
        ]
        if self.said:
            messages += [
                {"role": "assistant", "content": self.said},
                {"role": "user", "content": GO_ON},
            ]
        return messages

    def key(self, model: str) -> str:
        """What names this question's answer among the kept ones: the same for every fence."""
        text = json.dumps([model, self.system, self.user])
        return hashlib.sha256(text.encode()).hexdigest()


def fence_of(material: Material, secret: bytes) -> str:
    """The fence of all questions about a material.

    Other words have another fence, and only who has the secret can know it: nobody can say
    what would end the material that it is said in.
    """
    spoken = [[s.speaker, s.text] for s in material.segments]
    text = json.dumps([material.title, material.context, spoken])
    return hmac.digest(secret, b"fence" + text.encode(), "sha256").hex()[:16]


def task(
    content: ContentType,
    material: Material,
    source: str,
    instructions: str,
    *,
    condensed: bool,
    **facts: Any,
) -> Prompt:
    """The question for a draft. `source` is the material's text, or (`condensed`) notes of it."""
    facts |= {"content": content, "wish": plain(instructions), "language": plain(material.language)}
    facts["translates_to"] = material.translates_to
    facts.setdefault("examples", ())
    facts["task"] = _asked(content, material, facts["words"])
    return Prompt(
        _render("_system.md", condensed=condensed),
        _material(material, source),
        _render(content.prompt, condensed=condensed, **facts),
    )


def part(
    content: ContentType,
    material: Material,
    source: str,
    examples: Sequence[str],
    asked: Mapping[str, str],
    *,
    condensed: bool,
    words: int,
) -> Prompt:
    """The question for one part of a draft again; `asked` as drafts/parts.py keeps it."""
    task = _render(
        "_part.md",
        content=content,
        title=asked["part"] == "title",
        old="\n".join(map(said, asked["old"].splitlines())),
        wish=plain(asked["wish"]),
        language=plain(material.language),
        translates_to=material.translates_to,
        examples=examples,
        pictures=bool(material.screenshots) and content.shape == "article",
        condensed=condensed,
        words=words,
    )
    return Prompt(_render("_system.md", condensed=condensed), _material(material, source), task)


def _asked(content: ContentType, material: Material, words: int) -> str:
    """What the owner asks for: text, put into our template as it stands and never read as one."""
    values = {
        "words": words,
        "limit": content.limit,
        "posts": content.max_posts,
        "title_limit": content.title_limit,
        "minutes": max(1, round(material.duration_s / 60)),
        "chapters": len(material.chapters),
        "language": material.translates_to or plain(material.language),
    }
    return filled(content.task, values)


def notes(material: Material, source: str, words: int) -> Prompt:
    """The question for notes of one part of a long recording, of at most `words` words."""
    system = _render("_notes.md", words=words, language=plain(material.language))
    return Prompt(system, _material(material, source))


def entailment(said: list[str], claim: str) -> Prompt:
    """The question whether some sentences say what a draft claims."""
    source = "\n".join(map(plain, said))
    task = f"The statement: {plain(claim)}\n\nDo the sentences say this? yes, no or partly:"
    return Prompt(_render("_entailment.md"), _render("_texts.md", source=source), task)


def shorter(texts: list[str], limit: int, what: str) -> Prompt:
    """The question for shorter versions of some texts, each of at most `limit` characters."""
    source = "\n---\n".join(texts)
    system = _render("_shorter.md", limit=limit, what=what, count=len(texts))
    return Prompt(system, _render("_texts.md", source=source.replace("\x00", "")))


def _material(material: Material, source: str) -> str:
    return _render(
        "_material.md", title=said(material.title), context=said(material.context), source=source
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
