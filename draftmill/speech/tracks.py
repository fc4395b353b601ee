"""Which audio tracks of a recording are heard: all that hold different speech, each once."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from draftmill.media.audio_tracks import AudioTrack, audio_tracks
from draftmill.speech.profiles import Frames, Profile, alike, explained, profile, together
from draftmill.transcripts.languages import LANGUAGES, name_of

SPOKEN_S = 0.3  # less is a click that sounded like a voice
SAME = 0.9  # as alike as two copies of one sound
HELD = 0.85  # as alike as a voice alone and the same voice in a mix
SHARE = 0.02  # of a mix; what is quieter came by air from another microphone
BELOW_DB = 8.0  # a voice so much quieter than the others of its track came by air too
SPOKEN_THERE = 0.7  # of a voice alone, where somebody speaks in a mix that holds it
AT_ONCE = 0.25  # of the speech: language versions speak at the same time, people by turns
MOST = 24  # tracks that are compared

ISO_639_2 = {
    "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it",
    "por": "pt", "dut": "nl", "nld": "nl", "pol": "pl", "rus": "ru", "jpn": "ja", "chi": "zh",
    "zho": "zh", "kor": "ko", "ara": "ar", "tur": "tr", "swe": "sv", "nor": "no", "dan": "da",
    "fin": "fi", "cze": "cs", "ces": "cs", "hun": "hu", "gre": "el", "ell": "el", "heb": "he",
    "hin": "hi", "ukr": "uk", "rum": "ro", "ron": "ro", "bul": "bg", "hrv": "hr", "slk": "sk",
    "slo": "sk", "slv": "sl", "srp": "sr", "vie": "vi", "tha": "th", "ind": "id", "cat": "ca",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A track to hear, by its number from 0, and whose sentences it holds: "" where all speak."""

    track: int
    speaker: str = ""


@dataclass(frozen=True)
class Choice:
    """What is heard, what a person has to know about it, and what only the log has to."""

    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(eq=False)
class Spoken:
    """A track on which somebody speaks."""

    track: AudioTrack
    profile: Profile

    @property
    def language(self) -> str:
        return ISO_639_2.get(self.track.language, self.track.language)

    @property
    def place(self) -> str:
        return f"track {self.track.number + 1}"


def choose(
    path: Path, duration_s: float, language: str, tell: Callable[[float, float], None]
) -> Choice:
    """Listen to every track once and decide. A recording with one track costs nothing.

    `language` is the one that was asked for, or "". `tell` gets the seconds listened to, of
    how many. Raises av.FFmpegError when the recording cannot be opened.
    """
    tracks = audio_tracks(path)[:MOST]
    if len(tracks) < 2:
        return Choice((Part(tracks[0].number if tracks else 0),))
    total_s = duration_s * len(tracks)
    spoken: list[Spoken] = []
    for n, track in enumerate(tracks):
        heard = profile(path, track.number, duration_s, _later(tell, duration_s * n, total_s))
        spoken.append(Spoken(track, heard))
    return decide(spoken, language)


def _later(
    tell: Callable[[float, float], None], before_s: float, total_s: float
) -> Callable[[float], None]:
    return lambda seconds: tell(before_s + seconds, total_s)


def decide(tracks: list[Spoken], language: str) -> Choice:
    """Which of these tracks are heard."""
    spoken = [one for one in tracks if one.profile.speech_s >= SPOKEN_S]
    if not spoken:
        loudest = max(tracks, key=lambda one: float(one.profile.power.sum()))
        return Choice((Part(loudest.track.number),))
    notes: list[str] = []
    spoken = _each_once(spoken, notes)
    spoken, warnings = _in_one_language(spoken, language)
    spoken = _without_mixes(spoken, notes)
    spoken = _without_parts_of_others(spoken, notes)
    return Choice(_named(spoken), tuple(warnings), tuple(notes))


def _each_once(spoken: list[Spoken], notes: list[str]) -> list[Spoken]:
    """Of tracks with the same sound the default one, or the first."""
    kept: list[Spoken] = []
    for one in sorted(spoken, key=lambda one: (one.track.beside, not one.track.default)):
        twin = next((other for other in kept if _same(one, other)), None)
        if twin is None:
            kept.append(one)
        else:
            notes.append(f"Not heard twice: {one.place} has the same sound as {twin.place}.")
    return sorted(kept, key=lambda one: one.track.number)


def _same(one: Spoken, other: Spoken) -> bool:
    spoken = _either(one.profile.speech, other.profile.speech)
    return alike(one.profile, other.profile, spoken)[0] >= SAME


def _in_one_language(spoken: list[Spoken], language: str) -> tuple[list[Spoken], list[str]]:
    """Without commentaries and without what is said in another language at the same time."""
    main = [one for one in spoken if not one.track.beside] or spoken[:1]
    tagged = [one for one in main if one.language]
    asked = [one for one in tagged if one.language == language]
    first = next(iter(asked or [one for one in tagged if one.track.default] or tagged), None)
    kept = [one for one in main if first is None or not _version_of(one, first)]
    left_out = [one for one in spoken if one not in kept]
    return kept, [_left_out(one) for one in left_out]


def _version_of(one: Spoken, first: Spoken) -> bool:
    """Whether a track says in another language what the first one says."""
    another = bool(one.language) and one.language != first.language
    return another and together(one.profile, first.profile) >= AT_ONCE


def _left_out(one: Spoken) -> str:
    if one.track.beside:
        return f"Left out: {one.place} ({one.track.title or 'a commentary or description'})."
    hint = ""
    if one.language in LANGUAGES:
        hint = " Choose that language and transcribe again to have it instead."
    return f"Left out: {one.place} ({name_of(one.language)}).{hint}"


def _without_mixes(spoken: list[Spoken], notes: list[str]) -> list[Spoken]:
    """A mix says nothing that its parts do not: they are heard, as they tell who speaks."""
    kept = list(spoken)
    for one in spoken:
        others = [other for other in kept if other is not one]
        if len(others) < 2:
            continue
        likeness, shares = explained(
            one.profile, [other.profile for other in others], one.profile.speech
        )
        if likeness >= SAME and int((shares >= SHARE).sum()) >= 2:
            kept.remove(one)
            notes.append(f"Not heard twice: {one.place} is the mix of others.")
    return kept


def _without_parts_of_others(spoken: list[Spoken], notes: list[str]) -> list[Spoken]:
    """A voice alone is not heard beside a mix that holds more than it."""
    kept = list(spoken)
    for one, other in combinations(spoken, 2):
        small, large = sorted((one, other), key=lambda each: each.profile.speech_s)
        if small in kept and large in kept and _holds(large.profile, small.profile):
            kept.remove(small)
            notes.append(f"Not heard twice: {small.place} is part of {large.place}.")
    return kept


def _holds(mix: Profile, part: Profile) -> bool:
    if together(mix, part) < SPOKEN_THERE:
        return False
    length = min(len(mix.power), len(part.power))
    where, own = part.speech[:length], mix.speech[:length] & ~part.speech[:length]
    likeness, by = alike(part, mix, where)
    if likeness < HELD:
        return False
    there = float(np.quantile(mix.loudness[:length][np.roll(where, by)], 0.9))
    elsewhere = float(np.quantile(mix.loudness[:length][own], 0.9)) if own.any() else there
    return there >= elsewhere - BELOW_DB


def _either(one: Frames, other: Frames) -> Frames:
    length = min(len(one), len(other))
    either: Frames = one[:length] | other[:length]
    return either


def _named(spoken: list[Spoken]) -> tuple[Part, ...]:
    """Speakers by the titles of their tracks, where these tell them apart."""
    if len(spoken) == 1:
        return (Part(spoken[0].track.number),)
    titles = [one.track.title for one in spoken]
    return tuple(
        Part(
            one.track.number,
            one.track.title
            if titles.count(one.track.title) == 1 and one.track.title
            else f"Track {one.track.number + 1}",
        )
        for one in spoken
    )
