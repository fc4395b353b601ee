"""What is wrong with a draft, told from the draft's text and from what was said alone.

None of it uses the rules by which sentences are chosen and cleaned.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields

from bench.draft_texts import Said, Source
from draftmill.drafts.written import Written

TIME = re.compile(r"\s*\[[\d:]+\]\(time:(\d+)\)")
ATTRIBUTION = re.compile(r"\s+—\s+([^—]{1,60})$")
ENDS = (".", "!", "?", "…")
CLOSERS = "\"'”’)*"
# What a speaker may lose: sounds, openings, nods.
SPARE = set(
    re.findall(
        r"\w+",
        """um umm uh uhh er erm eh hmm hm mm mhm ah so and okay ok alright all right
    yeah yep oh well now look see listen anyway basically absolutely exactly great cool you know i mean like""",
    )
)
NO_CLAUSE_ENDS_IN = re.compile(r"i|we|they|s?he|an?|the|and|but|or|because|if|my|our|your|their")
GAP = 12  # words that may be left out in one place


@dataclass(frozen=True)
class Quote:
    """A quotation as the draft shows it. `kind` is the line's: "passage", "point" or "post"."""

    text: str
    kind: str
    second: int | None = None
    speaker: str = ""


@dataclass
class Faults:
    """What was counted in the four drafts of one recording."""

    sentences: int = 0
    ends: list[str] = field(default_factory=list)
    begins: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    posts: int = 0
    leaning: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    points: int = 0
    titles: list[str] = field(default_factory=list)
    passages: int = 0

    def __add__(self, other: "Faults") -> "Faults":
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Faults(**sums)


def quotes(type: str, written: Written) -> list[Quote]:
    """The quotations of a draft, without what the writer adds: headings, times, lists of chapters."""
    if not written.body.startswith("["):
        return list(_of_article(written.body))
    if type == "linkedin":
        return [
            Quote(text, "post", None, name or "")
            for post in json.loads(written.body)
            for text, name in re.findall(r"“([^“”]+)”(?: — (.+))?", post)
        ]
    return list(_of_thread(json.loads(written.body)))


def _of_article(body: str) -> Iterator[Quote]:
    for line in body.split("**In this recording**")[0].splitlines():
        if not line.startswith(("> ", "- ")):
            continue
        kind, text = "passage" if line[0] == ">" else "point", line[2:].replace("\\", "")
        time = TIME.search(text)
        text, speaker = _attributed(TIME.sub("", text).strip())
        yield Quote(text, kind, int(time[1]) if time else None, speaker)


def _of_thread(posts: Sequence[str]) -> Iterator[Quote]:
    for post in posts[1:]:
        if not re.match(r"\d+:\d\d ", post):
            named = re.fullmatch(r"(.{1,60}?): “(.+)”", post, re.S)
            yield Quote(named[2], "post", None, named[1]) if named else Quote(post, "post")


def _attributed(text: str) -> tuple[str, str]:
    found = ATTRIBUTION.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def bare(word: str) -> str:
    return re.sub(r"[^\w]+", "", word.replace("’", "'").replace("'", "")).casefold()


class Sought:
    """Where quotations stand in what was said."""

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = [word for word in said if bare(word.text)]
        self.bare = [bare(word.text) for word in self.said]
        self.places: dict[str, list[int]] = {}
        for at, word in enumerate(self.bare):
            self.places.setdefault(word, []).append(at)

    def places_of(self, words: Sequence[str]) -> list[int]:
        """For each word of a quotation its place in what was said; [] where it was not said so."""
        best: list[int] = []
        for first in self.places.get(words[0], ()) if words else ():
            found = self._from(first, words)
            if found and (not best or found[-1] - found[0] < best[-1] - best[0]):
                best = found
        return best

    def _from(self, first: int, words: Sequence[str]) -> list[int]:
        found = [first]
        for word in words[1:]:
            after = found[-1] + 1
            place = next(
                (n for n in range(after, min(after + GAP, len(self.bare))) if self.bare[n] == word),
                None,
            )
            if place is None:
                return []
            found.append(place)
        return found

    def left_out(self, places: Sequence[int]) -> list[str]:
        """The words within a quotation that it lost although they say something."""
        kept = set(places)
        return [
            self.bare[n]
            for n in range(places[0], places[-1])
            if n not in kept
            and self.bare[n] not in SPARE
            and (self._said_across_a_comma(n) or not self._said_again(n))
        ]

    def _said_across_a_comma(self, n: int) -> bool:
        """Whether a word ends one clause and begins the next: "to her, her brother"."""
        if NO_CLAUSE_ENDS_IN.fullmatch(self.bare[n]):
            return False
        return any(
            self.said[first].text.endswith(",") and self.bare[first] == self.bare[first + 1]
            for first in (n - 1, n)
            if 0 <= first < len(self.bare) - 1
        )

    def _said_again(self, n: int) -> bool:
        return self.bare[n] in self.bare[max(0, n - 6) : n] + self.bare[n + 1 : n + 7]

    def ends_at(self, n: int) -> bool:
        """Whether the source ends a sentence at a word, or after a nod that follows it."""
        for at in range(n, min(n + 4, len(self.said))):
            if at > n and (self.bare[at] not in SPARE or self.said[at].turn):
                return False
            if self.said[at].text.rstrip(CLOSERS).endswith(ENDS):
                return True
        return False

    def begins_at(self, n: int) -> bool:
        """Whether the source begins a sentence at a word, or with openings before it."""
        while n > 0 and not self.said[n].turn:
            before = self.said[n - 1].text
            if before.rstrip(CLOSERS).endswith(ENDS):
                return True
            if self.bare[n - 1] not in SPARE and not self._said_again(n - 1):
                return False
            n -= 1
        return True


def count(source: Source, drafts: dict[str, Written]) -> Faults:
    """Everything that can be counted in the drafts of one recording."""
    faults, sought = Faults(), Sought(source.said)
    found = {type: quotes(type, written) for type, written in drafts.items()}
    for of_draft in found.values():
        texts = Counter(s for quote in of_draft for s in _sentences(quote.text))
        faults.repeated += [text for text, n in texts.items() if n > 1]
        for quote in of_draft:
            faults.passages += 1
            _judge(quote, source, sought, faults)
    _labels(source, drafts, faults)
    threads = {s for quote in found.get("twitter", ()) for s in _sentences(quote.text)}
    points = [quote.text for quote in found.get("newsletter", ())]
    faults.points = len(points)
    faults.shared = [text for text in points if set(_sentences(text)) & threads]
    return faults


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?])\s+", text)
    return [
        plain for part in parts if len((plain := " ".join(map(bare, part.split()))).split()) > 3
    ]


def _judge(quote: Quote, source: Source, sought: Sought, faults: Faults) -> None:
    tokens = [token for token in quote.text.strip("… ").split() if bare(token)]
    places = sought.places_of([bare(token) for token in tokens])
    if not places or sought.left_out(places):
        faults.untrue.append(
            f"{quote.text} [{' '.join(sought.left_out(places)) if places else 'not said'}]"
        )
    if not places:
        return
    if source.punctuated:
        _judge_ends(quote, tokens, places, sought, faults)
    first = sought.said[places[0]]
    if quote.second is not None and not first.cue_s - 2 <= quote.second <= first.start_s + 2:
        faults.times.append(f"{quote.second} for {first.start_s:.1f}: {quote.text}")
    if len(source.speakers) > 1:
        true = {sought.said[n].speaker for n in places}
        if not quote.speaker:
            faults.unnamed.append(quote.text)
        elif true != {quote.speaker}:
            faults.misnamed.append(f"{quote.speaker} for {true}: {quote.text}")
    if quote.kind == "post":
        faults.posts += 1
        if why := leans(quote.text):
            faults.leaning.append(f"{why}: {quote.text}")


def _judge_ends(
    quote: Quote, tokens: list[str], places: list[int], sought: Sought, faults: Faults
) -> None:
    ends = [at for at, token in enumerate(tokens) if token.rstrip(CLOSERS).endswith(ENDS)]
    faults.sentences += len(ends)
    faults.ends += [
        f"…{' '.join(tokens[max(0, at - 6) : at + 1])}"
        for at in ends
        if not sought.ends_at(places[at])
    ]
    begins = [0, *(at + 1 for at in ends if at + 1 < len(tokens) and tokens[at + 1][:1].isupper())]
    faults.begins += [
        f"{' '.join(tokens[at : at + 7])}… after {sought.said[places[at] - 1].text}"
        for at in begins
        if not sought.begins_at(places[at])
    ]


def _labels(source: Source, drafts: dict[str, Written], faults: Faults) -> None:
    names = "|".join(sorted(map(re.escape, source.speakers), key=len, reverse=True)) or "(?!)"
    label = re.compile(rf"(?:^|[\s“])(?:(?:{names}):\s|>>|- (?:{names}):)", re.IGNORECASE)
    faults.labels += [s.text for s in source.material.segments if label.search(s.text)]
    name = re.compile(rf"(?:{names})('s)?", re.IGNORECASE)
    for written in drafts.values():
        heads = [written.title, *re.findall(r"^## (.+)$", written.body, re.M)]
        faults.titles += [head for head in heads if name.fullmatch(head.strip())]


LEANING = re.compile(
    r"(?i)^(?:it|that|this|these|those|they|them|he|she|his|her|their|its|which|who|whose|because|then|also|too"
    r"|yes|no|nope|exactly|otherwise|instead|however|therefore|plus|or|nor|but|than|another|the other|the rest"
    r"|the same|for example|in fact|oh|hey|hi|hello|thanks|thank you|welcome|right|okay|yeah|um|uh)(?:['’]\w+)?\b(?! year| week| month| morning)"
)
POINTING = re.compile(
    r"(?i)\b(?:this (?:graph|slide|chart|picture|one|thing|guy)|over (?:here|there)|right here|as you can see|next slide)\b"
)
LENT = re.compile(
    r"(?i)\b(?:they|people|he|she|someone|somebody|you|others|some|folks) (?:would|might|could|may|will|'ll)(?: \w+)? (?:say|ask|tell|go)\b|\blike, oh\b"
)
POLITE = re.compile(
    r"(?i)\b(?:my name is|thank you|thanks for|welcome to|good (?:morning|afternoon|evening)|subscribe|my guest|please welcome|joining us|joined by)\b"
)


def leans(text: str) -> str:
    """Why a post cannot be read without the sentences around it; "" when it can."""
    plain = text.strip('“”"… ')
    if len(plain.split()) < 6:
        return "short"
    if not plain.endswith((".", "!", "…", "”", '"', ")")):
        return "no end"
    if plain.count("“") != plain.count("”") or plain.count('"') % 2:
        return "open quotation"
    for why, rule in (
        ("opening", LEANING),
        ("pointing", POINTING),
        ("lent", LENT),
        ("polite", POLITE),
    ):
        if rule.search(plain):
            return why
    return (
        "stumble"
        if re.search(r"(?i)\b(\w+),? \1\b(?! \1)(?<!had had)(?<!that that)", plain)
        else ""
    )
