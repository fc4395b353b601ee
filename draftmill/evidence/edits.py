"""The evidence of a text that a person changed: what stands as it was keeps what was found of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from draftmill.clock import seconds_of
from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.drafts import asked, claim_of
from draftmill.evidence.known import has_words
from draftmill.evidence.nearby import meant_with, sentences_of
from draftmill.evidence.pictures import FORM, persons, with_pictures
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import CORRECTED, Block, Claim, Flaw, frame_of
from draftmill.evidence.repeats import with_repeats
from draftmill.evidence.sentences import Sentence, form_of, sentences_in
from draftmill.evidence.whole import copied_as_it_stands, has_copied
from draftmill.projects.screenshots import Screenshot

Claims = tuple[Claim, ...]


@dataclass(frozen=True)
class _Known:
    """What was found before: by text and form, whose words they are, and what was put right."""

    claims: Mapping[tuple[str, str], Claim]
    given: frozenset[str]
    corrected: Mapping[str, Sequence[Flaw]]

    @classmethod
    def of(cls, before: Sequence[Block]) -> "_Known":
        claims = [claim for block in before for claim in block.claims]
        given = frozenset(claim.text for claim in claims if claim.status != "yours")
        corrected = defaultdict[str, list[Flaw]](list)
        for claim in claims:
            corrected[claim.text] += [one for one in claim.problems if one.kind == CORRECTED]
        return cls({(claim.text, claim.form): claim for claim in claims}, given, corrected)

    def claim(self, block: Text, sentence: Sentence) -> Claim | None:
        return self.claims.get((sentence.text, form_of(block, sentence)))

    def with_notes(self, claim: Claim, sentence: Sentence) -> Claim:
        """A claim that was judged again, with what was put right of its times and stands so."""
        doubted = {flaw.text for flaw in claim.problems}
        seconds = {int(mark.seconds) for mark in sentence.times}
        notes = [
            note
            for note in self.corrected.get(claim.text, ())
            if int(seconds_of(note.suggestion)) in seconds and note.suggestion not in doubted
        ]
        return replace(claim, problems=(*claim.problems, *notes)) if notes else claim


def after_edit(
    recording: Callable[[], Recording],
    before: Sequence[Block],
    body: str | Sequence[str],
    shots: Sequence[Screenshot] = (),
) -> list[Block]:
    """The evidence of an edited body. `recording` is asked for only if a sentence is new.

    Blocks and sentences that stand as they did keep what was found; those of the same words in
    another form (quoted, under a heading, with another time), or beside another name, heading or
    time that tells whose words they are and when, are judged again. What a person wrote
    anew is said or supported where the recording bears it out, else theirs: never weak, for they
    know what they wrote; what is wrong with it is told all the same.
    """
    blocks = {block.hash: block for block in before}
    texts = blocks_of(body)
    read = sentences_of(texts)
    telling = [at for at, t in enumerate(texts) if t.hash in blocks or has_words(t) or t.alts]
    edited = [at for at in telling if _is_other(blocks.get(texts[at].hash), texts[at], read[at])]
    known = _Known.of(before)
    claims = _claims(recording, known, texts, {at: read[at] for at in edited})
    pairs = list(zip((texts[at] for at in edited), claims, strict=True))
    judged = _with_pictures(recording, known, pairs)
    anew = dict(zip(edited, judged, strict=True))
    found = [
        _block(recording, texts[at], anew[at], shots) if at in anew else blocks[texts[at].hash]
        for at in telling
        if at not in anew or anew[at] or has_words(texts[at])
    ]
    return with_repeats(found)


def _with_pictures(
    recording: Callable[[], Recording], known: _Known, found: Sequence[tuple[Text, Claims]]
) -> list[Claims]:
    """The claims of each edited text and of its pictures: theirs, if a person wrote them."""
    if not any(text.alts for text, _ in found):
        return [claims for _, claims in found]
    return [
        tuple(persons(one, known.given) if one.form == FORM else one for one in claims)
        for _, claims in with_pictures(recording(), found)
    ]


def _is_other(known: Block | None, text: Text, sentences: Sequence[Sentence]) -> bool:
    """Whether a block is new, or stands beside something else that its check depends on.

    What was judged without regard to that, as outlines are, has no form.
    """
    if known is None:
        return True
    forms = {claim.text: claim.form for claim in known.claims if claim.form}
    told = [one for one in sentences if one.text in forms]
    return any(forms[one.text] != form_of(text, one) for one in told)


def _block(
    recording: Callable[[], Recording],
    text: Text,
    claims: Claims,
    shots: Sequence[Screenshot],
) -> Block:
    block = Block(text.hash, text.kind, claims, frame_of(claims, shots))
    return copied_as_it_stands(recording(), block) if has_copied(block) else block


def _claims(
    recording: Callable[[], Recording],
    known: _Known,
    texts: Sequence[Text],
    edited: dict[int, list[Sentence]],
) -> Iterator[Claims]:
    """Those of each edited text; all that is new in them is asked for at once."""
    kept = [[known.claim(texts[at], one) for one in edited[at]] for at in edited]
    new = {
        at: [one for one, claim in zip(edited[at], claims, strict=True) if claim is None]
        for at, claims in zip(edited, kept, strict=True)
        if None in claims
    }
    checked = _judged(recording(), known, texts, new) if new else iter(())
    for claims in kept:
        yield tuple(claim or next(checked) for claim in claims)


def _judged(
    recording: Recording,
    known: _Known,
    texts: Sequence[Text],
    new: dict[int, list[Sentence]],
) -> Iterator[Claim]:
    """The new sentences of each text. Beside a time stands all that it may be the time of."""
    beside = {
        at: [one for n in meant_with(texts, at) for one in sentences_in(texts[n])]
        for at, of_text in new.items()
        if any(one.times for one in of_text)
    }
    found = asked(recording, chain(*new.values(), *beside.values()))
    for at, of_text in new.items():
        around = [found[one.text] for one in beside.get(at, ())]
        for sentence in of_text:
            claim = claim_of(recording, texts[at], sentence, found, around)
            claim = known.with_notes(claim, sentence)
            is_theirs = claim.status == "weak" and sentence.text not in known.given
            yield replace(claim, status="yours") if is_theirs else claim
