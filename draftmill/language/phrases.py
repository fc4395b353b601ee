"""Labels from noun phrases: what a stretch of speech is about, in two to five words.

A phrase counts by class TF-IDF (often here, seldom elsewhere; Grootendorst 2022) times its
nearness in meaning to the stretch. English only: the tags are.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from draftmill.language.lists import CUE, EMPTY_ADJECTIVES, EMPTY_HEADS, STOP
from draftmill.language.names import is_a_name
from draftmill.language.tags import Tagged, tagged
from draftmill.language.vectors import meanings, unit
from draftmill.language.words import bare, capitalised, stem

LONGEST = 5  # words in a phrase
CANDIDATES = 40  # phrases of a stretch that are compared by meaning
MOST_SENTENCES = 400  # of a stretch that are read: tagging costs a millisecond each
EMPTY = EMPTY_ADJECTIVES | EMPTY_HEADS
ARTICLES = ("the", "a", "an")
ROOT = 5  # letters
ANNOUNCED = 3  # how often a phrase counts that stands in "let's talk about …"
BY_WORDS = (0.5, 1.1, 1.2, 1.1, 1.0)  # two or three words say more than one
OFTEN = (10, 60)  # from so many sentences on, a phrase must be said twice, three times


@dataclass(frozen=True)
class Phrase:
    """A noun phrase as it is spelled in mid-sentence, with an article if it mostly has one."""

    key: str
    text: str
    article: str
    score: float

    @property
    def in_a_sentence(self) -> str:
        return f"{self.article} {self.text}".strip()


@dataclass
class Found:
    """How often a phrase is said in one stretch, in which spellings, how often after an article."""

    count: int = 0
    times: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    articles: int = 0


def labels(stretches: Sequence[Sequence[str]], names: frozenset[str] = frozenset()) -> list[str]:
    """One label for each stretch of sentences, no two alike; "" where nothing stands out.

    `names` are the words of speakers' names, which label nothing.
    """
    found: list[str] = []
    taken: set[str] = set()
    for ranked in _ranked(stretches, names):
        best = next((phrase for phrase in ranked if phrase.key not in taken), None)
        taken.update([best.key] if best else [])
        found.append(capitalised(best.text) if best else "")
    return found


def topics(sentences: Sequence[str], count: int, names: frozenset[str] = frozenset()) -> list[str]:
    """What the sentences are about: at most `count` phrases that share no word."""
    chosen: list[Phrase] = []
    for phrase in _ranked([sentences], names)[0]:
        if len(chosen) == count:
            break
        if not any(alike(phrase.text, other.text) for other in chosen):
            chosen.append(phrase)
    return [phrase.in_a_sentence for phrase in chosen]


def joined(parts: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def alike(one: str, other: str) -> bool:
    """Whether two phrases share a word or a root: "replica" and "replication lag"."""
    return bool(_roots(one) & _roots(other))


def _roots(text: str) -> set[str]:
    return {stem(word)[:ROOT] for word in text.split() if bare(word) not in STOP}


def _ranked(stretches: Sequence[Sequence[str]], names: frozenset[str]) -> list[list[Phrase]]:
    """The phrases of each stretch, best first."""
    read = [_read(_evenly(sentences), names) for sentences in stretches]
    said_in: Counter[str] = Counter()
    for phrases in read:
        said_in.update({key: found.count for key, found in phrases.items()})
    return [
        _scored(phrases, sentences, said_in, len(read))
        for phrases, sentences in zip(read, stretches, strict=True)
    ]


def _scored(
    phrases: dict[str, Found], sentences: Sequence[str], said_in: Counter[str], stretches: int
) -> list[Phrase]:
    usual = sum(said_in.values()) / stretches
    enough = 1 + sum(len(sentences) >= many for many in OFTEN)
    weights = {
        key: math.sqrt(found.count)
        * math.log(1 + usual / said_in[key])
        * BY_WORDS[min(key.count(" ") + 1, LONGEST) - 1]
        * min(1.0, found.times / enough) ** 2
        for key, found in phrases.items()
    }
    best = sorted(weights, key=lambda key: (-weights[key], key))[:CANDIDATES]
    if not best:
        return []
    nearness = meanings(best) @ unit(meanings(sentences).sum(axis=0))
    scores = [
        weights[key] * (0.2 + max(0.0, float(near)))
        for key, near in zip(best, nearness, strict=True)
    ]
    ranked = [
        Phrase(key, _spelling(phrases[key]), _article(phrases[key]), score)
        for key, score in zip(best, scores, strict=True)
    ]
    return sorted(ranked, key=lambda phrase: -phrase.score)


def _read(sentences: Iterable[str], names: frozenset[str]) -> dict[str, Found]:
    phrases: dict[str, Found] = defaultdict(Found)
    for sentence in sentences:
        weight = ANNOUNCED if CUE.search(sentence) else 1
        for phrase, before in _phrases(tagged(sentence)):
            if is_a_name(phrase, names):
                continue
            found = phrases[" ".join(stem(word) for word in phrase.split())]
            found.count += weight
            found.times += 1
            # The capital of a sentence's first word says nothing about the word.
            found.spellings[phrase] += before is not None
            found.articles += before is not None and before[0].casefold() in ARTICLES
    return phrases


def _phrases(tags: Sequence[Tagged]) -> list[tuple[str, Tagged | None]]:
    """The noun phrases of a sentence, each with the piece before it."""
    found: list[tuple[str, Tagged | None]] = []
    run: list[Tagged] = []
    for at, (word, tag) in enumerate([*tags, ("", "PUN")]):
        if _in_phrase(word, tag) or (run and tag == "PRF"):
            run.append((word, tag))
            continue
        phrase = _trimmed(run)
        if phrase:
            first = at - len(run)
            found.append((" ".join(phrase), tags[first - 1] if first else None))
        run = []
    return found


def _in_phrase(word: str, tag: str) -> bool:
    return tag[:2] in ("NN", "NP", "AJ") and word[:1].isalnum() and bare(word) not in STOP


def _trimmed(run: list[Tagged]) -> list[str]:
    """The words of a phrase from its first telling one to its last noun."""
    while run and (run[-1][1][:2] in ("AJ", "PR") or bare(run[-1][0]) in EMPTY_HEADS):
        run = run[:-1]
    while run and (run[0][1] in ("AJC", "AJS", "PRF") or bare(run[0][0]) in EMPTY):
        run = run[1:]
    words = [word for word, _ in run]
    if len(words) > LONGEST:
        words = words[words.index("of") + 1 :] if "of" in words else words[-LONGEST:]
    telling = any((len(word) > 2 and word.isalpha()) or word.isupper() for word in words)
    return words if telling and len(words) <= LONGEST else []


def _spelling(found: Found) -> str:
    form, inside = found.spellings.most_common(1)[0]
    if inside == 0 and not any(letter.isupper() for letter in form[1:]):
        return form[:1].lower() + form[1:]
    return form


def _article(found: Found) -> str:
    return "the" if 2 * found.articles >= found.times else ""


def _evenly(sentences: Sequence[str]) -> Sequence[str]:
    step = max(1, math.ceil(len(sentences) / MOST_SENTENCES))
    return sentences[::step]
