"""One part of a draft written again with a model, from the same reading of the same material."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from content_actions import ContentType
from draftmill.drafts.parts import TITLE
from draftmill.evidence import records
from draftmill.evidence.drafts import corrected_draft
from draftmill.jobs.attempt import Attempt
from draftmill.writers.material import Material
from draftmill.writers.model import article_reply, posts_reply, prompts, refusals
from draftmill.writers.model.desk import Desk
from draftmill.writers.model.fitting import said
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.prompts import Prompt
from draftmill.writers.model.questions import question
from draftmill.writers.model.reply import ModelReplyEmpty
from draftmill.writers.model.wrapping import unwrapped
from draftmill.writers.model.writer import at_desk

REPLY_TOKENS = 1200  # that a part is meant to take at most
TITLES = 3
TITLE_CHARACTERS = 120
LISTED = re.compile(r"^[ \t]*(?:\d{1,2}[.):]|[-*+#]+)[ \t]*")


@dataclass(frozen=True)
class Made:
    """What is offered in place of a part, and as JSON what each text rests on."""

    texts: tuple[str, ...]
    evidence: tuple[dict[str, Any], ...]


def write_part(
    attempt: Attempt, material: Material, content: ContentType, asked: Mapping[str, str]
) -> Made:
    """Write a part again: `asked` has part, old and wish, as drafts/parts.py keeps them.

    Raises what writing a draft raises, and Refused for what is no text.
    """

    def ask(desk: Desk, source: str, reply: int, *, condensed: bool) -> Prompt:
        return prompts.part(
            content, material, source, desk.examples, asked, condensed=condensed, words=reply // 4
        )

    with at_desk(attempt, material, content, asked["wish"]) as desk:
        prompt = question(desk, ask)

        def accept(reply: str) -> None:
            if not _read(desk, asked["part"], reply, desk.marks):
                raise ModelReplyEmpty

        reply = desk.chat.ask("part", prompt, "Writing", accept, REPLY_TOKENS)
        refusals.check(reply, _question(prompt, asked["old"]), desk.chat.fence)
        checked = [
            _checked(desk, prompt, text) for text in _read(desk, asked["part"], reply, desk.marks)
        ]
        return Made(
            texts=tuple(text for text, _ in checked),
            evidence=tuple(found for _, found in checked),
        )


def _question(prompt: Prompt, old: str) -> str:
    """What must not be copied: all but the old text, of which much may stay."""
    task = prompt.task.replace("\n".join(map(said, old.splitlines())), "")
    return f"{prompt.system}\n{prompt.material}\n{task}"


def _checked(desk: Desk, prompt: Prompt, text: str) -> tuple[str, dict[str, Any]]:
    """A text held to the recording, and what it rests on there."""
    posts = desk.content.shape == "posts"
    body = [text] if posts else text
    checked = corrected_draft(desk.recording, body, desk.material.screenshots, [prompt.task])
    kept = checked.body if isinstance(checked.body, str) else checked.body[0]
    return desk.marks.proven(kept.strip()), records.stored(checked.blocks)


def _read(desk: Desk, part: str, reply: str, marks: Marks) -> tuple[str, ...]:
    """The texts of an answer; none when there is nothing in it."""
    if part == TITLE:
        found = _titles(reply, desk.content.title_limit or TITLE_CHARACTERS, marks)
    elif desk.content.shape == "posts":
        alone = replace(desk.content, max_posts=1)
        found = posts_reply.fitted(posts_reply.read(reply, alone, marks), alone, lambda long: long)
    else:
        found = [marks.clean(marks.citations.as_times(unwrapped(reply)))]
    return tuple(text.strip() for text in found if text.strip())


def _titles(reply: str, limit: int, marks: Marks) -> list[str]:
    lines = marks.citations.left_out(unwrapped(reply)).splitlines()
    titles = (article_reply.one_line(LISTED.sub("", line), marks) for line in lines)
    return [title for title in dict.fromkeys(titles) if title and len(title) <= limit][:TITLES]
