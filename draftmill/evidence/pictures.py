"""What the alt texts of pictures count and name, held to the whole recording.

What a slide shows is not known: marked is only what was nowhere said, nor written by the owner.
"""

from collections.abc import Iterable
from dataclasses import replace

from draftmill.evidence.blocks import Text
from draftmill.evidence.checks import misspelled
from draftmill.evidence.lines import alone
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Claim
from draftmill.language.words import plain

FORM = "picture"
MOST_PICTURES = 100  # of a draft
LONGEST = 300  # characters of an alt text that are read


def with_pictures(
    recording: Recording, found: Iterable[tuple[Text, tuple[Claim, ...]]]
) -> list[tuple[Text, tuple[Claim, ...]]]:
    """Blocks with their claims, and with those of the alt texts in which something is wrong."""
    left = MOST_PICTURES
    done = []
    for text, claims in found:
        alts = text.alts[:left]
        left -= len(alts)
        done.append((text, (*claims, *(one for alt in alts for one in _wrong(recording, alt)))))
    return done


def _wrong(recording: Recording, alt: str) -> Iterable[Claim]:
    """The claim of an alt text, if something is wrong in it. A chapter's title is an outline's."""
    alt = alt[:LONGEST]
    if any(alt == plain(chapter.title)[:LONGEST] for chapter in recording.chapters):
        return
    flaws = dict.fromkeys([*misspelled(recording, alt), *alone(recording, alt)])
    if flaws:
        yield Claim(alt, "weak", 0.0, problems=tuple(flaws), form=FORM)


def persons(claim: Claim, given: Iterable[str]) -> Claim:
    """The claim of an alt text that a person wrote is theirs, as any other."""
    return claim if claim.text in given else replace(claim, status="yours")
