"""Whether a sentence says the opposite of what was said: the same words, one side denied."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from draftmill.evidence.support import root
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import NEGATORS, listed

GRAMMAR = listed(
    """
    a an the this that these those it its he she they we you i him her them us me his their our
    my your is are was were be been being am do does did done have has had will would shall should
    can could may might must of to in on at by for from with as and or but if so than then too
    very just also any there here who which what when where how s yes really still ever even
    """
)
# Who is meant by "nobody" is meant by "everybody", too.
ANYBODY = dict.fromkeys(
    listed("nobody noone none everybody everyone anybody anyone somebody someone people"), "anybody"
)
ANYTHING = dict.fromkeys(listed("nothing everything something anything"), "anything")
PAIRS = (
    "up down|right wrong|true false|open closed|same different|more less|most least|early late|fast slow"
    "|easy hard|cheap expensive|full empty|first last|always sometimes|alive dead|win lose"
    "|higher lower|larger smaller|bigger smaller|better worse|faster slower|cheapest dearest|stay move"
)
OPPOSITE = {
    one: other
    for pair in PAIRS.split("|")
    for one, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip
IRREGULAR = {
    form: verb
    for verb, forms in {
        "say": "said", "go": "went gone", "come": "came", "take": "took taken", "give": "gave given",
        "get": "got", "make": "made", "know": "knew known", "think": "thought", "see": "saw seen",
        "tell": "told", "find": "found", "leave": "left", "feel": "felt", "keep": "kept",
        "begin": "began begun", "write": "wrote written", "speak": "spoke spoken", "run": "ran",
        "lose": "lost", "build": "built", "buy": "bought", "bring": "brought", "teach": "taught",
        "meet": "met", "hold": "held", "stand": "stood", "pay": "paid", "sell": "sold", "win": "won",
        "break": "broke broken", "choose": "chose chosen", "fall": "fell fallen", "grow": "grew grown",
        "spend": "spent", "send": "sent", "lead": "led", "show": "shown", "become": "became",
        "eat": "ate eaten", "wear": "wore worn", "throw": "threw thrown", "drive": "drove driven",
    }.items()
    for form in forms.split()
}  # fmt: skip
# Verbs that deny what follows, unless the other side has them too: "it refuses to send reads".
DENYING = listed(
    """
    fail fails failed failing refuse refuses refused refusing lack lacks lacked lacking miss misses
    missed missing avoid avoids avoided avoiding unable impossible
    """
)
FAILING = listed("fail fails failed failing")  # "failed to come", but "the attempt failed"
ENDED = listed("stop stops stopped")  # "stopped going", but "stops at the first surprise"
# Without one of these on either side nothing can be turned around.
TURNS = re.compile(
    rf"n't\b|\bno (?:one|longer)\b|\binstead of\b|\brather\b|\b(?:{'|'.join(sorted({*NEGATORS, 'rarely', 'seldom', 'scarcely', 'barely', *DENYING, *ENDED, *OPPOSITE}))})\b",
    re.I,
)
ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s)\Z")
DOUBLED = re.compile(r"(?<=([bdgmnprt]))\1\Z")  # "stopped", "planned"
LONG_ENOUGH = 3
CLAUSE = re.compile(
    r"[,;:.!?\u2026\u2014()]|\s-\s|\b(?:and|but|because|while|which|when|if|so|as|although|though|whereas)\b"
    r"|(?<!\bat)(?<!\bof)(?<!\bin)(?<!\bon)(?<!\bfor)(?<!\bto)(?<!\bfrom)(?<!\bwith)\s\bthat\b"
)
IDIOM = re.compile(r"\b(?:not only|not just|no more than|no matter|not until|no doubt)\b")
ONE_WORD = {
    "no one": "noone", "no longer": "not", "not any more": "not", "any more": "",
    "gives up": "stops", "give up": "stop", "gave up": "stopped", "giving up": "stopping",
    "out of reach": "not reach", "had no idea": "did not know", "has no idea": "does not know",
    "turned down": "refused", "turn down": "refuse", "turns down": "refuses",
}  # fmt: skip
LONGEST = 14  # words of a clause without a comma, in which a denial reaches all
REACHES_BACK, REACHES = 3, 7
# Denies what follows, not what precedes: also "rather be late than lose them".
INSTEAD = re.compile(r"\binstead of\b|\brather\b(?P<first>[^,;.]{0,80}?)\bthan\b")
PLACING = listed("from of in at on to for with about by")  # "costs nothing in winter"
# "It didn't the peak was lower", in captions: nothing of what follows is denied.
ELLIPTIC = re.compile(
    r"\b(?:did|does|do|had|has|have|would|could|ca|wo|should)n't (?=(?:the|i|we|he|she|they|it|there|a|an)\b)"
)
NOBODY_IS = re.compile(r"\b(nobody|no one|none|nothing|everybody|everyone)'s\b")
SPLIT = re.compile(rf"\b(?:{'|'.join(ONE_WORD)})\b")
NEGATING = NEGATORS | listed("rarely seldom scarcely barely")
FEWEST_SHARED = 2  # words of a clause that both sides hold
MOSTLY = 0.6  # of the clause's words


@dataclass(frozen=True)
class Clause:
    """A clause as the roots of its telling words, and whether it denies."""

    words: frozenset[str]
    denies: bool
    denying: frozenset[str]  # verbs that do so, as roots
    head: str = ""  # the telling word that is denied


def is_flipped(claim: str, said: Iterable[str]) -> bool:
    """Whether a clause of the claim denies what is asserted, or the reverse.

    `said` are the sentences that bear the claim out; one of them that agrees better clears it.
    """
    texts = list(said)
    if not any(map(_turns, (claim, *texts))):
        return False
    told = [clause for clause in _clauses(claim) if len(clause.words) >= FEWEST_SHARED]
    spoken = [clause for text in texts for clause in _clauses(text)] if told else []
    return any(_is_denied(clause, spoken) for clause in told)


@lru_cache(8192)
def _turns(text: str) -> bool:
    return TURNS.search(text.replace("\u2019", "'")) is not None


def denies(text: str) -> bool:
    """Whether a sentence denies something."""
    return sum(word in NEGATING for word in words_of(text)) % 2 == 1


def _is_denied(clause: Clause, spoken: Iterable[Clause]) -> bool:
    best = {True: 0.0, False: 0.0}  # by whether the two contradict each other
    for other in spoken:
        if _agree(clause, other):
            return False
        likeness = _likeness(clause.words, other.words)
        against = _contradict(clause, other)
        if likeness and (not against or _meets(clause.words, other.words)):
            best[against] = max(best[against], likeness)
    return best[True] > best[False]


def _agree(one: Clause, other: Clause) -> bool:
    """Whether both deny the same."""
    if not (one.denies and other.denies) or len(one.words & other.words) < FEWEST_SHARED:
        return False
    return one.head in other.words or other.head in one.words


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _meets(clause: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(clause & other)
    return shared >= FEWEST_SHARED and (shared >= MOSTLY * len(clause) or shared == len(other))


def _contradict(one: Clause, other: Clause) -> bool:
    common = one.denying & other.denying
    denied = [clause.denies ^ bool(clause.denying - common) for clause in (one, other)]
    turned = any(OPPOSITE.get(word) in other.words - one.words for word in one.words)
    heads = [(a.head, b.words) for a, b in ((one, other), (other, one)) if a.head and not b.head]
    if denied[0] != denied[1] and any(head not in words for head, words in heads):
        return False
    return (denied[0] != denied[1]) ^ turned


@lru_cache(4096)  # what was said bears out several claims, and again after the next edit
def _clauses(text: str) -> tuple[Clause, ...]:
    plain = plainly(text)
    plain = INSTEAD.sub(lambda match: f"{match['first'] or ''}, not", plain)
    parts = (piece for part in CLAUSE.split(plain) for piece in _cut(words_of(part)))
    return tuple(clause for part in parts if (clause := _clause(part)).words)


@lru_cache(4096)
def plainly(text: str) -> str:
    """A text in small letters, without idioms, and with one word for each way to deny."""
    plain = IDIOM.sub(" ", text.casefold().replace("\u2019", "'"))
    plain = ELLIPTIC.sub("", NOBODY_IS.sub(r"\1 is", plain))
    return SPLIT.sub(lambda match: ONE_WORD[match.group()], plain)


def _cut(words: list[str]) -> Iterator[list[str]]:
    """A clause, or what a denial in a long one may reach: captions have no commas."""
    denials = [at for at, word in enumerate(words) if word in NEGATING]
    if len(words) <= LONGEST or not denials:
        yield words
        return
    end = 0
    for at in denials:
        first = max(end, at - REACHES_BACK)
        yield words[end:first]
        end = max(end, at + REACHES)
        yield words[first:end]
    yield words[end:]


def _clause(words: Sequence[str]) -> Clause:
    denies = sum(word in NEGATING for word in words) % 2 == 1
    telling = {
        alike(word)
        for word in words
        if word not in GRAMMAR and (word not in NEGATORS or word in ANYBODY or word in ANYTHING)
    }
    denying = frozenset(
        alike(word)
        for word, after in zip(words, [*words[1:], ""], strict=False)
        if (word in DENYING and (word not in FAILING or after == "to"))
        or (word in ENDED and after.endswith("ing"))
    )
    return Clause(frozenset(telling) - denying, denies, denying, _head(words) if denies else "")


def _head(words: Sequence[str]) -> str:
    """What a clause denies: the telling word behind the denial, "" where none follows."""
    at = max(at for at, word in enumerate(words) if word in NEGATING)
    if words[at] == "nothing" and (at + 1 == len(words) or words[at + 1] in PLACING):
        before = [alike(word) for word in words[:at] if word not in GRAMMAR]
        return before[-1] if before else ""
    found = (
        alike(word) for word in words[at + 1 :] if word not in GRAMMAR and word not in NEGATING
    )
    return next(found, "")


@lru_cache(16384)
def alike(word: str) -> str:
    """What stands for a word and its forms."""
    word = ANYBODY.get(word) or ANYTHING.get(word) or IRREGULAR.get(word, word)
    if word in OPPOSITE:
        return word
    short = ENDING.sub("", word)
    short = DOUBLED.sub("", short) if short != word else short
    return root(short.removesuffix("e") if len(short) > LONG_ENOUGH else short)
