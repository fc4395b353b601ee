"""The writer without a model: an outline in the speaker's own words.

It invents nothing. Every quotation is made of the words of its sentences, in their order;
what it adds of its own is one factual line, labels and times.
"""

import json
from collections.abc import Callable, Iterable
from typing import Literal

from content_actions import ContentType
from draftmill.drafts.written import Written
from draftmill.evidence import records
from draftmill.evidence.outlines import Quoted, evidence_of_outline
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.engines import WITHOUT_MODEL
from draftmill.language.passages import Passage
from draftmill.writers.material import Material
from draftmill.writers.outline.layouts import Draft, digest, outline, post, thread
from draftmill.writers.outline.outline import Outline

LAYOUTS: dict[
    Literal["outline", "digest", "thread", "post"], Callable[[Outline, ContentType], Draft]
]
LAYOUTS = {"outline": outline, "digest": digest, "thread": thread, "post": post}

KIND = "An outline in the speaker's own words: no language model is set."
ROUGH = "Rough speech: take this as a map of the recording."
SOFT = (
    "Captions without punctuation: with no full stops nobody knows where sentences end, so"
    " passages are stretches between “…” and there are no posts of them."
    " Upload the recording to have it transcribed."
)
UNTRANSLATED = (
    "It is in the language of the recording: an outline cannot translate into {language}."
)
UNUSED = "Your instructions were not used: an outline cannot follow any."


def write(
    attempt: Attempt,
    material: Material,
    content: ContentType,
    instructions: str,
    kind: str = KIND,
) -> Written:
    """Write one draft from what was said. `attempt` is told of each step; `kind` says what it is."""
    attempt.progress(0, 3, message="Reading the transcript")
    read = Outline(material)
    attempt.progress(1, 3, message="Choosing passages")
    draft = LAYOUTS[content.layout](read, content)
    attempt.progress(3, 3)
    notes = [kind, *draft.notes]
    if read.rough:
        notes.append(ROUGH)
    if read.soft:
        notes.append(SOFT)
    if material.translates_to:
        notes.append(UNTRANSLATED.format(language=material.translates_to))
    if instructions.strip():
        notes.append(UNUSED)
    return Written(
        title=draft.title,
        body=draft.body,
        model=WITHOUT_MODEL,
        fields={**draft.fields, "note": " ".join(notes)},
        evidence={
            "quotes": list(_evidence(draft.quoted)),
            **records.stored(_blocks(draft, content, material)),
        },
    )


def _blocks(draft: Draft, content: ContentType, material: Material) -> list[records.Block]:
    quoted = [
        Quoted(p.text, tuple(part for s in p.sentences for part in s.parts)) for p in draft.quoted
    ]
    body = json.loads(draft.body) if content.shape == "posts" else draft.body
    said = material.trusted
    return evidence_of_outline(body, quoted, material.chapters, said, material.screenshots)


def _evidence(quoted: Iterable[Passage]) -> Iterable[dict[str, object]]:
    for passage in quoted:
        yield {
            "quote": passage.text,
            "start_s": passage.start_s,
            "end_s": passage.end_s,
            "speaker": passage.speaker,
            "segments": [[part.window, part.n] for s in passage.sentences for part in s.parts],
        }
