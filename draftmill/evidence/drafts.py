"""A whole draft, held to its recording."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from draftmill.clock import clock, seconds_of
from draftmill.evidence import times
from draftmill.evidence.asides import asides_of, untold
from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.checks import check, marked
from draftmill.evidence.lines import alone
from draftmill.evidence.nearby import meant_with, sentences_of
from draftmill.evidence.pictures import with_pictures
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import CORRECTED, Block, Claim, Flaw, frame_of
from draftmill.evidence.sentences import Sentence, form_of
from draftmill.evidence.support import Found
from draftmill.evidence.whole import with_whole
from draftmill.projects.screenshots import Screenshot

LINK = re.compile(r"\]\(time:(\d{1,6})(?:\.\d{1,20})?\)")
BARE = re.compile(r"(?<![\d:])\d{1,3}(?::\d\d){1,2}(?![\d:])")
IN_PROSE = re.compile(r"\w[,;]?\s\Z")
IN_LABEL = re.compile(r"[^\[\]\n]{0,200}\]\(time:")


@dataclass(frozen=True)
class Checked:
    """A body with its times put right, and its evidence."""

    body: str | list[str]
    blocks: list[Block]


def check_draft(
    recording: Recording,
    body: str | Sequence[str],
    shots: Sequence[Screenshot] = (),
    prompts: Sequence[str] = (),
) -> list[Block]:
    """The evidence of a draft: Markdown, or a list of posts. Blocks without words are left out."""
    return _finished(recording, claims_of(recording, blocks_of(body)), shots, prompts)


def corrected_draft(
    recording: Recording,
    body: str | Sequence[str],
    shots: Sequence[Screenshot] = (),
    prompts: Sequence[str] = (),
) -> Checked:
    """The same, after the times that are wrong were put right in the body."""
    body = body if isinstance(body, str) else list(body)
    found = claims_of(recording, blocks_of(body))
    wrong = _wrong_times(found)
    if any(wrong):
        body = _with_times(body, [text for text, _ in found], wrong)
        after = blocks_of(body)
        read = sentences_of(after)
        found = [
            (text, tuple(_put_right(claim, text) for claim in _as_it_reads(claims, text, of_text)))
            for text, (_, claims), of_text in zip(after, found, read, strict=True)
        ]
    return Checked(body, _finished(recording, found, shots, prompts))


def _wrong_times(found: Sequence[tuple[Text, tuple[Claim, ...]]]) -> list[list[Flaw]]:
    """Those of each block; one that holds nothing but a time has those of the blocks beside it."""
    wrong = [[f for c in claims for f in c.problems if f.kind == times.KIND] for _, claims in found]
    alone = [at for at, (text, claims) in enumerate(found) if text.times and not claims]
    for at in alone:
        wrong[at] = [flaw for n in (at - 1, at + 1) if 0 <= n < len(found) for flaw in wrong[n]]
    return wrong


def claims_of(recording: Recording, blocks: Sequence[Text]) -> list[tuple[Text, tuple[Claim, ...]]]:
    """Each block with its claims, held to the recording."""
    sentences = sentences_of(blocks)
    found = asked(recording, [one for of_one in sentences for one in of_one])
    claims = []
    for at, (block, of_block) in enumerate(zip(blocks, sentences, strict=True)):
        beside = [found[one.text] for n in meant_with(blocks, at) for one in sentences[n]]
        claims.append(
            (block, tuple(claim_of(recording, block, one, found, beside) for one in of_block))
        )
    return claims


def asked(recording: Recording, sentences: Iterable[Sentence]) -> dict[str, Found]:
    """How each of some sentences, and what stands in it beside quotations, is borne out."""
    texts = [
        text for one in sentences for text in (one.text, *one.parts, *asides_of(recording, one))
    ]
    distinct = list(dict.fromkeys(texts))
    found = zip(distinct, recording.grounds.ask(distinct), strict=True)
    return {text: recording.ranked(text, one) for text, one in found}


def claim_of(
    recording: Recording,
    block: Text,
    sentence: Sentence,
    found: Mapping[str, Found],
    beside: Sequence[Found],
) -> Claim:
    """A sentence as it was judged, and in which form."""
    parts = [found[part] for part in sentence.parts]
    claim = check(recording, block, sentence, found[sentence.text], beside, parts)
    judged = block.kind == "heading" or claim.status == "weak"
    asides = [] if judged else asides_of(recording, sentence)
    for flaw in alone(recording, sentence.prose) if block.kind == "heading" else ():
        claim = marked(claim, flaw)
    if clause := untold(recording, asides, found):
        claim = marked(claim, Flaw("support", clause))
    return replace(claim, form=form_of(block, sentence))


def _finished(
    recording: Recording,
    found: Sequence[tuple[Text, tuple[Claim, ...]]],
    shots: Sequence[Screenshot],
    prompts: Sequence[str],
) -> list[Block]:
    blocks = [
        Block(text.hash, text.kind, claims, frame_of(claims, shots))
        for text, claims in with_pictures(recording, found)
        if claims
    ]
    return with_whole(recording, blocks, prompts)


def _with_times(
    body: str | list[str], texts: Sequence[Text], wrong: Sequence[Sequence[Flaw]]
) -> str | list[str]:
    if isinstance(body, list):
        return [_corrected(post, flaws) for post, flaws in zip(body, wrong, strict=True)]
    lines = body.split("\n")
    for text, flaws in zip(texts, wrong, strict=True):
        for at in range(*text.lines):
            lines[at] = _corrected(lines[at], flaws)
    return "\n".join(lines)


def _corrected(line: str, flaws: Sequence[Flaw]) -> str:
    if not flaws:
        return line
    right = {flaw.text: int(seconds_of(flaw.suggestion)) for flaw in flaws}
    seconds = {int(seconds_of(text)): to for text, to in right.items()}

    def link(match: re.Match[str]) -> str:
        to = seconds.get(int(match[1]))
        return match.group() if to is None else f"](time:{to})"

    def bare(match: re.Match[str]) -> str:
        to = right.get(match.group())
        return match.group() if to is None or _is_told(match) else clock(to)

    return BARE.sub(bare, LINK.sub(link, line))


def _is_told(match: re.Match[str]) -> bool:
    """Whether a clock stands right behind a word, in no link: it may mean something else."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    return bool(IN_PROSE.search(before)) and not IN_LABEL.match(match.string, match.end())


def _as_it_reads(
    claims: Sequence[Claim], text: Text, sentences: Sequence[Sentence]
) -> Sequence[Claim]:
    """The claims in the words and the form that they have with their times put right."""
    if len(sentences) != len(claims):
        return claims
    pairs = zip(claims, sentences, strict=True)
    return [replace(claim, text=one.text, form=form_of(text, one)) for claim, one in pairs]


def _put_right(claim: Claim, text: Text) -> Claim:
    """The claim of a text whose times were corrected: what was wrong is told, and needs no look."""
    left = set(BARE.findall(text.text))
    problems = tuple(
        replace(flaw, kind=CORRECTED) if flaw.kind == times.KIND and flaw.text not in left else flaw
        for flaw in claim.problems
    )
    return claim.with_flaws(problems) if problems else claim
