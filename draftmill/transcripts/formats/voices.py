"""Who speaks in which cue, however its label is written and wherever in the cue it stands."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from draftmill.transcripts.formats.cues import Cue, placed, spoken, without_start
from draftmill.transcripts.formats.labels import (
    LABEL,
    TURN,
    label_of,
    may_be_a_name,
    names_among,
)
from draftmill.transcripts.sentences import ends_sentence

# "[Ada] Hello", "(Ada) Hello", "**Ada:** Hello", "ADA:Hello", "Ada - Hello": where most cues begin so.
# None begins amid spaces: a run of them is read once.
SPELLINGS = tuple(
    map(
        re.compile,
        (
            r"(?<!\s)\s*+\[(?P<name>[^\[\]\n]{1,60})\]:?\s*+",
            r"(?<!\s)\s*+\((?P<name>[^()\n]{1,60})\):?\s*+",
            r"(?<!\s)\s*+\*{1,2}(?P<name>[^*:\n]{1,60}):?\*{1,2}:?\s*+",
            r"(?<!\s)\s*+(?P<name>[^\W\d][^\s:：]{0,40}):(?=[^\s/\d])",
            r"(?<!\s)\s*+(?P<name>[^\W\d][^:：\n–—-]{0,40}?)\s[-–—]\s++",
        ),
    )
)
MOST_CUES = 0.6  # of the cues begin with a label: then it is a name
CAPITALS = re.compile(r"(?:^|[.!?…\"”’)\]>—–-]\s)(?P<name>[A-Z][A-Z .'’-]{1,30}):(?:\s|$)")
SMALL_WORDS = 3  # of a name in small letters
OFTEN = 3  # times a name in capitals stands within a cue


def with_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Take names such as "Ada:" from the cues into their speakers, one cue a turn.

    Text after a label belongs to its speaker until the next label or change of voice. After a
    label that may be a name and is not taken for one nobody knows who speaks: its text stays
    whole, without a speaker.
    """
    heard = [one for cue in _respelled(cues) if (one := spoken(cue)).text]
    known = _known(heard)
    heard = [part for cue in heard for part in _turns(cue, known)]
    found = [label_of(cue.text) for cue in heard]
    labels = [label for cue, label in zip(heard, found, strict=True) if not cue.speaker]
    names = known | names_among(labels) | _small(heard, labels)
    given = {cue.speaker.casefold() for cue in heard}
    named, speaker = [], ""
    for cue, label in zip(heard, found, strict=True):
        if cue.speaker:
            said_twice = label.casefold() in given
            named.append(without_start(cue, LABEL if said_twice else TURN))
        elif label in names:
            speaker = label
            named.append(replace(without_start(cue, LABEL), speaker=label, turn=True))
        elif TURN.match(cue.text):
            speaker = ""
            named.append(replace(without_start(cue, TURN), turn=True))
        elif names and may_be_a_name(label):
            speaker = ""
            named.append(replace(cue, turn=True))
        else:
            named.append(replace(cue, speaker=speaker))
    return [cue for cue in named if cue.text]


def _respelled(cues: Sequence[Cue]) -> list[Cue]:
    """The cues with their speakers, where most begin with a label of another spelling."""
    for spelling in SPELLINGS:
        found = [None if cue.speaker else spelling.match(cue.text) for cue in cues]
        counts = Counter(match["name"] for match in found if match)
        returning = sum(count for count in counts.values() if count > 1)
        if counts and returning >= MOST_CUES * len(cues):
            return [
                replace(without_start(cue, spelling), speaker=match["name"].strip(), turn=True)
                if match
                else cue
                for cue, match in zip(cues, found, strict=True)
            ]
    return list(cues)


def _known(cues: Sequence[Cue]) -> set[str]:
    """Names in capitals that often stand within cues, as where captions are wrapped anew."""
    counts = Counter(match["name"] for cue in cues for match in CAPITALS.finditer(cue.text))
    inside = {name for cue in cues for name in _inside(cue.text)}
    return {name for name, count in counts.items() if count >= OFTEN and name in inside}


def _small(cues: Sequence[Cue], labels: Sequence[str]) -> set[str]:
    """Names in captions without any capital, where nobody writes a colon but after a name."""
    if any(cue.text != cue.text.lower() for cue in cues):
        return set()
    counts = Counter(label for label in labels if may_be_a_name(label))
    return {label for label, n in counts.items() if n > 1 and len(label.split()) <= SMALL_WORDS}


def _inside(text: str) -> list[str]:
    return [match["name"] for match in CAPITALS.finditer(text) if match.start("name")]


def _dashes(tokens: Sequence[str]) -> list[int]:
    """The dashes that begin a turn: where the first word has one, and a sentence ended before."""
    if tokens[0] != "-":
        return []
    ended = [ends_sentence(one, then) for one, then in pairwise([*tokens, ""])]
    dashes = [n for n in range(1, len(tokens) - 1) if tokens[n] == "-"]
    return [n for n in dashes if ended[n - 1] or not any(ended)]


def _turns(cue: Cue, known: set[str]) -> Iterator[Cue]:
    """The parts of a cue in which somebody else begins to speak: at ">>", at a known name, at "-"."""
    tokens = cue.text.split()
    starts = [n for n, token in enumerate(tokens) if n and token.startswith(">>")]
    starts += _dashes(tokens)
    starts += [
        len(cue.text[: match.start("name")].split())
        for match in CAPITALS.finditer(cue.text)
        if match["name"] in known and match.start("name")
    ]
    # ">> ADA:" is one turn
    starts = sorted(n for n in set(starts) if not set(tokens[n - 1]) <= {">"})
    if not starts:
        yield cue
        return
    words = cue.words
    if len(words) != len(tokens):
        scale = (cue.end_s - cue.start_s) / sum(len(token) + 1 for token in tokens)
        words = tuple(placed(tokens, cue.start_s, scale))
    for first, last in zip([0, *starts], [*starts, len(tokens)], strict=True):
        part = words[first:last]
        yield replace(
            cue,
            start_s=part[0].start_s,
            end_s=part[-1].end_s,
            text=" ".join(tokens[first:last]),
            words=part if cue.words else (),
        )
