"""How well a sentence is borne out: each of its telling words against windows of what was said.

A word counts as found in a window when it, its root, or a word of near meaning stands there; rare
words count more. The share of the claim's words that are found is its support.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from draftmill.evidence.tokens import APOSTROPHES, ONE_DENSE, tokens
from draftmill.language.lists import STOP, listed
from draftmill.language.vectors import of_words, unit

Floats = npt.NDArray[np.float32]

WINDOW = 3  # sentences
WINDOWS = 3  # that are looked into for a claim's names and numbers
AT_ONCE = 200  # claims: each of their words is compared with each that was said, in memory
TERMS_AT_ONCE = 16  # the same for each place where a word was said
ROOT = 5  # letters that words of one root share
# Meaning counts from here to here: below, words have little to do with one another.
UNLIKE, ALIKE = 0.15, 0.65
SAME_ROOT = 0.95
MEANT = 0.6  # of the best window's support: a number draws in no window of less

# "Dana explains in her talk that …" frames what was said, and says nothing of it.
FRAMING = listed(
    """
    says saying said explains explained explain describes described describing argues argued notes
    noted adds added recalls recalled remembers tells told telling mentions mentioned points pointed
    warns warned suggests suggested recommends recommended advises advised concludes concluded
    admits admitted emphasizes emphasises stresses shares shared sharing according speaker speakers
    talk talks recording presentation video episode discussion discusses discussed conversation
    interview guest host team asks asked asking answers answered replies replied thinks thought
    agree agrees agreed confirms confirmed urges urged calculates calculated expects expected
    believes believed reports reported calls called insists claims claimed states stated highlights
    compares opens begins began starts started ends ended closes finally overall today story
    question quote article post thread newsletter reader readers listener listeners audience
    summary part section chapter later earlier simply simple actually really important main key
    whole entire entirely several various different new
    """
)


@dataclass(frozen=True)
class Found:
    """How a claim stands to what was said: 0 to 1 for each sentence, and for each window."""

    sentences: Floats
    windows: Floats
    terms: int
    score: float = 0.0  # of the best window

    def with_numbers(self, counted: Sequence[tuple[Sequence[int], float]]) -> "Found":
        """The same, ranked also by where the claim's numbers were said.

        `counted` are the sentences of each number, and how telling it is: 1 as a rare word, less
        for what is said all the time.
        """
        if not counted or not len(self.sentences):
            return self
        said = np.zeros((len(counted), len(self.sentences)), dtype=np.float32)
        for row, (places, telling) in zip(said, counted, strict=True):
            row[list(places)] = telling
        most = np.float32(self.terms + sum(telling for _, telling in counted))
        sentences = (self.sentences * self.terms + said.sum(axis=0)) / most
        counted_near = np.where(self.windows >= MEANT * self.score, _by_window(said).sum(axis=0), 0)
        windows = ((self.windows * self.terms + counted_near) / most).astype(np.float32)
        return replace(self, sentences=sentences, windows=windows)

    def best_places(self, count: int = WINDOWS) -> list[int]:
        """The middles of the best windows, best first: the best sentence of each, none side by side."""
        chosen: list[int] = []
        left = self.windows.copy()
        while len(chosen) < count and len(left) and left[first := int(left.argmax())] > 0:
            best = first + int(self.sentences[first : first + WINDOW].argmax())
            left[max(0, first - 1) : first + 2] = 0
            if all(abs(best - other) > 1 for other in chosen):
                chosen.append(best)
        return chosen


def terms(text: str, *, english: bool) -> list[str]:
    """The telling words of a text, without numbers; pairs of characters of a dense script."""
    found: list[str] = []
    dense = ""
    for token in tokens(text, english=english):
        if ONE_DENSE.match(token.text):
            if dense:
                found.append(dense + token.text)
            dense = token.text
            continue
        dense = ""
        raw = text[token.start : token.end]
        word = token.text
        if any(mark in raw for mark in APOSTROPHES):
            if raw[-2:-1] not in APOSTROPHES or raw[-1:] not in "sS":
                continue
            word = word[:-1]
        if token.value is None and len(word) > 1 and word not in STOP:
            found.append(word)
    return found


class Grounds:
    """What was said, ready to be asked for support."""

    def __init__(
        self, said: Sequence[str], *, english: bool, leave_out: Set[str] = frozenset()
    ) -> None:
        self.english = english
        self._leave_out = FRAMING | leave_out
        self._terms = [terms(text, english=english) for text in said]
        self.vocabulary = list(dict.fromkeys(t for of_one in self._terms for t in of_one))
        place = {term: at for at, term in enumerate(self.vocabulary)}
        self._flat = np.array([place[t] for of_one in self._terms for t in of_one], dtype=np.int32)
        lengths = np.array([len(of_one) for of_one in self._terms], dtype=np.int32)
        self._ends = np.cumsum(lengths)
        self._filled = lengths > 0
        self._known = place

    @cached_property
    def _vectors(self) -> Floats:
        return unit(of_words(self.vocabulary))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Of each root: where its words stand in the vocabulary."""
        places: dict[str, list[int]] = {}
        for at, term in enumerate(self.vocabulary):
            places.setdefault(root(term), []).append(at)
        return places

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """Of each root: from 1 for what every sentence holds, up."""
        counts: dict[str, int] = {}
        for of_one in self._terms:
            for one in {root(term) for term in of_one}:
                counts[one] = counts.get(one, 0) + 1
        many = max(1, len(self._terms))
        return {one: 1.0 + float(np.log(many / count)) for one, count in counts.items()}

    def ask(self, claims: Sequence[str]) -> list[Found]:
        """How each claim is borne out."""
        parts = (claims[at : at + AT_ONCE] for at in range(0, len(claims), AT_ONCE))
        return [found for part in parts for found in self._ask(part)]

    def _ask(self, claims: Sequence[str]) -> list[Found]:
        asked = [self.asked(claim) for claim in claims]
        distinct = list(dict.fromkeys(term for of_one in asked for term in of_one))
        vectors = of_words(distinct)
        near = self._nearness(distinct, vectors)
        place = {term: at for at, term in enumerate(distinct)}
        weights = self._weights(distinct, vectors)
        said = self._by_sentence(near)
        windows = _by_window(said)
        return [_found([place[t] for t in one], said, windows, weights) for one in asked]

    def asked(self, claim: str) -> list[str]:
        found = terms(claim, english=self.english)
        telling = [term for term in found if term not in self._leave_out]
        return list(dict.fromkeys(telling))

    def _nearness(self, asked: Sequence[str], vectors: Floats) -> Floats:
        """How near each asked term is to each word of the vocabulary, 0 to 1."""
        if not asked or not self.vocabulary:
            return np.zeros((len(asked), len(self.vocabulary)), dtype=np.float32)
        near: Floats = (unit(vectors) @ self._vectors.T - UNLIKE) / (ALIKE - UNLIKE)
        near = np.clip(near, 0.0, SAME_ROOT).astype(np.float32)
        for at, term in enumerate(asked):
            near[at, self._places.get(root(term), [])] = SAME_ROOT
            if term in self._known:
                near[at, self._known[term]] = 1.0
        return near

    def _weights(self, asked: Sequence[str], vectors: Floats) -> Floats:
        rarest = 1.0 + float(np.log(max(1, len(self._terms))))
        rarity = [self._rarity.get(root(term), rarest) for term in asked]
        lengths = np.linalg.norm(vectors, axis=-1)
        weights: Floats = np.array(rarity, dtype=np.float32) * lengths.astype(np.float32)
        return weights

    def _by_sentence(self, near: Floats) -> Floats:
        """How near each asked term is to the nearest word of each sentence."""
        found = np.zeros((len(near), len(self._terms)), dtype=np.float32)
        if not len(self._flat):
            return found
        starts = np.concatenate(([0], self._ends[:-1]))[self._filled]
        for at in range(0, len(near), TERMS_AT_ONCE):
            by_word = near[at : at + TERMS_AT_ONCE, self._flat]
            nearest = np.maximum.reduceat(by_word, starts, axis=1)
            found[at : at + TERMS_AT_ONCE, self._filled] = nearest
        return found


def _by_window(said: Floats) -> Floats:
    """The same for the window that begins with each sentence."""
    found, many = said.copy(), said.shape[1]
    for ahead in range(1, WINDOW):
        begun = found[:, : many - ahead]
        np.maximum(begun, said[:, ahead:], out=begun)
    return found


def _found(asked: list[int], said: Floats, windows: Floats, weights: Floats) -> Found:
    share: Floats = weights[asked] / np.float32(max(float(weights[asked].sum()), 1e-9))
    by_window = share @ windows[asked]
    score = float(by_window.max(initial=0.0))
    return Found(share @ said[asked], by_window, len(asked), score)


@lru_cache(16384)
def root(term: str) -> str:
    """What words of one family share: "measures" and "measured"."""
    if ONE_DENSE.match(term):
        return term
    short = term[:-1] if len(term) > 3 and term.endswith("s") and not term.endswith("ss") else term
    return short[:ROOT]
