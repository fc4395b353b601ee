"""One sentence of a draft, held to what was said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from draftmill.evidence import attribution, contradiction, numbers, times
from draftmill.evidence.blocks import Text
from draftmill.evidence.contradiction import ALSO_MEANT
from draftmill.evidence.exchanged import exchanged
from draftmill.evidence.framing import leads_in
from draftmill.evidence.names import Name
from draftmill.evidence.quotations import NOTHING_SAID, Quotation
from draftmill.evidence.recording import NAMED_NEAR, NEAR, Recording
from draftmill.evidence.records import Claim, Flaw, Source, Status
from draftmill.evidence.sentences import Sentence, ends_with_time
from draftmill.evidence.spoken import Place
from draftmill.evidence.support import Found
from draftmill.language.cleaning import clean

# The score from which a sentence counts as borne out; measured by bench/evidence.py.
SUPPORTED = 0.5
FEWEST_TERMS = 2  # telling words of a sentence that claims something
MOST_SOURCES = 3
FAR = 10  # sentences between a name and a number that belong to one another, at most
PARTIAL = 0.6  # of the best sentence's score: so good a sentence is a source, too


@dataclass(frozen=True)
class _Heard:
    """A quotation with the places where it was said."""

    quotation: Quotation
    places: tuple[Place, ...]


def check(
    recording: Recording,
    block: Text,
    sentence: Sentence,
    found: Found,
    beside: Sequence[Found] = (),
    parts: Sequence[Found] = (),
) -> Claim:
    """A sentence with its status. `found` is how its words stand to the recording.

    `beside` are the same of all sentences of its block: a time at the end may be that of any. Those
    of a heading are the sentences of its section. `parts` are the same of what stands before each
    of several times.
    """
    heard = [
        _Heard(one, tuple(recording.spoken.all_places(one.words))) for one in sentence.quotations
    ]
    flaws = [*_quotations(recording, block, sentence, heard)]
    places = recording.around(found.best_places())
    if block.kind == "heading":
        flaws += misspelled(recording, sentence.prose)
        flaws += _heading_times(recording, sentence, [found, *beside])
        return Claim(sentence.text, _status(flaws, "supported"), problems=tuple(flaws))
    flaws += _numbers(recording, sentence.prose, found, places)
    quoted = any(one.places for one in heard) and _is_mostly_quoted(recording, sentence)
    leads = leads_in(recording, sentence.text)
    credits = block.kind != "post" and NOTHING_SAID.match(sentence.text)
    judged = found.terms >= FEWEST_TERMS and not (quoted or leads or credits)
    flaws += _names(recording, sentence.prose, found, places, judged=judged)
    flaws += _times(recording, block, sentence, heard, [found, *beside], parts)
    flaws += contradiction.flaws_of(recording, sentence, found, places)
    return _judged(recording, sentence, found, heard, flaws)


def _judged(
    recording: Recording,
    sentence: Sentence,
    found: Found,
    heard: Sequence[_Heard],
    flaws: list[Flaw],
) -> Claim:
    said = [one for one in heard if one.places]
    sources = _said(recording, said) or _best(recording, found)
    if said and len(said) == len(heard) and _is_mostly_quoted(recording, sentence):
        return Claim(sentence.text, _status(flaws, "said"), 1.0, sources, tuple(flaws))
    if verbatim := recording.spoken.find(sentence.text):
        sources = tuple(map(Source.of, recording.spoken.said_in(verbatim)))
        return Claim(sentence.text, _status(flaws, "said"), 1.0, sources, tuple(flaws))
    score = round(_with_numbers(recording, sentence, found, flaws), 3)
    if leads_in(recording, sentence.text):
        return Claim(sentence.text, _status(flaws, "supported"), problems=tuple(flaws))
    claims = found.terms >= FEWEST_TERMS and not sentence.text.rstrip().endswith("?")
    if claims and score < SUPPORTED and not any(flaw.kind == "quotation" for flaw in flaws):
        flaws = [*flaws, Flaw("support", sentence.text, nearest(recording, found))]
    return Claim(sentence.text, _status(flaws, "supported"), score, sources, tuple(flaws))


def _status(flaws: Sequence[Flaw], otherwise: Status) -> Status:
    return "weak" if flaws else otherwise


def _with_numbers(
    recording: Recording, sentence: Sentence, found: Found, flaws: Sequence[Flaw]
) -> float:
    """The score when each number counts as a word: found, unless it is a flaw."""
    told = numbers.numbers_in(sentence.prose, english=recording.english)
    counted = [one for one in told if numbers.is_cardinal(one)]
    wrong = sum(flaw.kind == "number" for flaw in flaws)
    right = len(counted) - wrong
    return (found.score * found.terms + right) / max(1, found.terms + len(counted))


def nearest(recording: Recording, found: Found) -> str:
    """The sentence that comes nearest, cleaned, "" where none does."""
    said = found.sentences[: len(recording.segments)]
    if not len(said) or said.max() <= 0:
        return ""
    return _cleaned(recording.segments[int(said.argmax())].text)


@lru_cache(1024)  # many claims are nearest to the same sentence
def _cleaned(text: str) -> str:
    return clean(text).text


def _quotations(
    recording: Recording, block: Text, sentence: Sentence, heard: Sequence[_Heard]
) -> Iterable[Flaw]:
    named = attribution.named_beside(recording, block, sentence) if heard else []
    sayers = attribution.strange_sayers(recording, sentence) if heard else []
    for one, beside in zip(heard, named, strict=True):
        words = one.quotation.words
        if not one.places:
            if not _is_written(recording, words):
                (near,) = recording.grounds.ask([words])
                yield Flaw("quotation", words, nearest(recording, near))
            continue
        spoken = (recording.spoken.said_in(place) for place in one.places)
        wrong = [attribution.wrong_speaker(beside, said) for said in spoken]
        if all(wrong) and wrong[0]:
            yield wrong[0]
        elif absent := attribution.absent(recording, sayers, one.places):
            yield absent


def _is_written(recording: Recording, words: str) -> bool:
    """Whether the owner wrote these words."""
    return any(words.casefold() in remark.casefold() for remark in recording.remarks)


def _numbers(
    recording: Recording, prose: str, found: Found, places: Sequence[int]
) -> Iterable[Flaw]:
    least = ALSO_MEANT * float(found.sentences.max(initial=0.0))
    likely = {int(at) for at in (found.sentences >= max(least, 0.01)).nonzero()[0]}
    said = [number for at in places for number in recording.numbers[at]]
    best = int(found.sentences.argmax()) if len(found.sentences) else 0
    also = [number for at in likely.difference(places) for number in recording.numbers[at]]
    around = [number for at in _near(recording, found) for number in recording.numbers[at]]
    told = numbers.numbers_in(prose, english=recording.english)
    elsewhere = dict(exchanged(prose, told, recording.counted(places)))
    for number in told:
        if number in elsewhere:
            yield Flaw("number", number.text, elsewhere[number])
            continue
        if not recording.judges(number) or not numbers.is_counted(number):
            if numbers.contradicted(number, recording.numbers[best]):
                yield Flaw("number", number.text, numbers.instead(number, said))
            continue
        if not (numbers.holds(number, said) or numbers.holds(number, also)):
            if numbers.is_reckoned(number, said) or numbers.counts_same(number, around):
                continue
            yield Flaw("number", number.text, numbers.instead(number, said))


def _names(
    recording: Recording,
    prose: str,
    found: Found,
    places: Sequence[int],
    *,
    judged: bool,
) -> Iterable[Flaw]:
    """The names that nobody said. Whether a speaker is the right one is `judged` by what is told."""
    known = recording.names
    for name in known.in_text(prose):
        if not known.known(name.word):
            yield Flaw("name", name.text, known.spelled(known.near(name.word)))
        elif known.speakers_called(name.word) and recording.has_speakers:
            if judged and attribution.wrong_person(recording, name, prose, found, places):
                yield Flaw("name", name.text, _speaker_of_best(recording, found))
        elif not known.said_in(name.word, [*places, *_near(recording, found, NAMED_NEAR)]):
            yield Flaw("name", name.text)
        elif other := known.instead(name, prose):
            yield Flaw("name", name.text, other)
        elif _is_far_from_numbers(recording, name, prose):
            yield Flaw("name", name.text)


def _is_far_from_numbers(recording: Recording, name: Name, prose: str) -> bool:
    """Whether a number of the claim was said, but nowhere near the name."""
    for number in numbers.numbers_in(prose, english=recording.english):
        places = recording.rarely_counted(number)
        around = [near for at in places for near in recording.near(at, FAR)]
        if around and not recording.names.said_in(name.word, around):
            return True
    return False


def _near(recording: Recording, found: Found, most: int = NEAR) -> range:
    best = found.best_places(1)
    return recording.near(best[0], most) if best else range(0)


def misspelled(recording: Recording, prose: str) -> Iterable[Flaw]:
    """The names that nobody said, but others that are near."""
    known = recording.names
    for name in known.in_text(prose):
        if not known.known(name.word) and (near := known.near(name.word)):
            yield Flaw("name", name.text, known.spelled(near))


def _speaker_of_best(recording: Recording, found: Found) -> str:
    said = found.sentences[: len(recording.segments)]
    return recording.segments[int(said.argmax())].speaker if len(said) else ""


def _times(
    recording: Recording,
    block: Text,
    sentence: Sentence,
    heard: Sequence[_Heard],
    found: Sequence[Found],
    parts: Sequence[Found],
) -> Iterable[Flaw]:
    if not recording.timed or not sentence.times:
        return []
    said = [one for one in heard if one.places]
    if said:
        places = [place for one in said for place in one.places]
        return times.of_quotation(recording, sentence.times, places)
    at_end = ends_with_time(block, sentence)
    meant = [*found[: len(found) if at_end else 1], *parts]
    telling = [one for one in meant if _tells(one)]
    near = [place for words in sentence.near for place in recording.spoken.all_places(words)]
    if _tells(found[0]) or (telling and not near):
        spoken = times.of_prose(recording, sentence.times, telling) if _tells(found[0]) else []
        return spoken if not near or times.of_quotation(recording, sentence.times, near) else []
    if not near or (telling and not times.of_prose(recording, sentence.times, telling)):
        return []
    return times.of_quotation(recording, sentence.times, near)


def _heading_times(
    recording: Recording, sentence: Sentence, found: Sequence[Found]
) -> Iterable[Flaw]:
    """A heading leads to where its section begins, or to anything that the section tells."""
    if not recording.timed or not sentence.times:
        return []
    return times.of_heading(recording, sentence.times, [one for one in found if _tells(one)])


def _tells(found: Found) -> bool:
    """Whether a sentence says enough, and is borne out well enough, to look for its time."""
    return found.terms >= FEWEST_TERMS and found.score >= SUPPORTED


def _is_mostly_quoted(recording: Recording, sentence: Sentence) -> bool:
    """Whether the writer adds next to nothing to what he quotes."""
    if leads_in(recording, sentence.prose):
        return True
    prose = recording.grounds.asked(sentence.prose)
    named = {name.word for name in recording.names.in_text(sentence.prose)}
    return len([term for term in prose if term not in named]) <= FEWEST_TERMS


def _said(recording: Recording, heard: Sequence[_Heard]) -> tuple[Source, ...]:
    segments = [s for one in heard for s in recording.spoken.said_in(one.places[0])]
    return tuple(dict.fromkeys(map(Source.of, segments)))


def _best(recording: Recording, found: Found) -> tuple[Source, ...]:
    """The sentences of the best window that bear the claim out, in their order."""
    best = found.best_places(1)
    if not best:
        return ()
    window = list(recording.window(best[0]))
    top = max(float(found.sentences[at]) for at in window)
    kept = [at for at in window if found.sentences[at] >= PARTIAL * top]
    return recording.sources(kept[:MOST_SOURCES])


def marked(claim: Claim, flaw: Flaw) -> Claim:
    """The claim with one more flaw."""
    return replace(claim, status="weak", problems=(*claim.problems, flaw))
