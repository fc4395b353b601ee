"""What to believe of what was heard: inventions, loops, skipped speech, and other languages."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

from draftmill.errors import Problem
from draftmill.speech.recogniser import Heard, Span
from draftmill.transcripts import doubt

SKIPPED_S = 3.0  # speech that nothing covers for so long is heard again
WORD_GAP_S = 1.0  # words closer than this cover what lies between them
WORD_EDGE_S = 0.3

ENOUGH_SPEECH_S = 20.0
EARLY_SPEECH_S = 120.0  # so much of another language need not be heard to its end
ENGLISH_WORD = 0.65
ENGLISH_LOG_PROB = -0.65
MANY_LOOPS = 0.25
FEW_WORDS_PER_S = 0.3


class NoSpeech(Problem):
    code = "no_speech"
    default_message = "No speech was found in this recording."
    default_hint = (
        "Check that the right file, and the right microphone or audio track, was recorded."
    )


class NothingUnderstood(Problem):
    code = "nothing_understood"
    default_message = "Somebody speaks in this recording, and not a word was understood."
    default_hint = (
        "Choose a larger speech model in the settings, “Models”, one without “.en” in its name for"
        " other languages than English, and press Retry."
    )


class NotEnglish(Problem):
    code = "not_english"
    default_message = "This does not sound like English, and the speech model knows only English."
    default_hint = (
        "Choose a speech model for many languages, such as “Whisper small”, in the settings, “Models”;"
        " where DRAFTMILL_WHISPER_MODEL is set, set it to one and start Draftmill again. Then press"
        " Retry; or press “Transcribe it anyway”."
    )


@dataclass(frozen=True)
class Facts:
    """Sums over what was heard, kept with each window. Durations are in seconds."""

    speech_s: float = 0.0
    words: int = 0
    probability: float = 0.0
    text_s: float = 0.0
    log_prob: float = 0.0
    chunks: int = 0
    loops: int = 0

    def __add__(self, other: "Facts") -> "Facts":
        mine, others = asdict(self), asdict(other)
        return Facts(**{name: mine[name] + others[name] for name in mine})

    @classmethod
    def of(cls, state: dict[str, float]) -> "Facts":
        """The facts kept as JSON; unknown names are left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in state.items() if name in known})  # type: ignore[arg-type]


def facts_of(heard: Sequence[Heard], speech: Sequence[Span]) -> Facts:
    """Sum up what was heard over a window's speech."""
    words = [word for one in heard for word in one.words]
    scored = [one for one in heard if one.log_prob is not None]
    ratios = {one.chunk: one.compression for one in heard if one.compression is not None}
    return Facts(
        speech_s=round(length(speech), 3),
        words=len(words),
        probability=round(sum(word.probability for word in words), 3),
        text_s=round(sum(one.end_s - one.start_s for one in scored), 3),
        log_prob=round(sum((one.log_prob or 0.0) * (one.end_s - one.start_s) for one in scored), 3),
        chunks=len(ratios),
        loops=sum(map(doubt.loops, ratios.values())),
    )


def not_english(facts: Facts) -> bool:
    """Whether an English-only model has been making English out of something else."""
    if facts.speech_s < ENOUGH_SPEECH_S:
        return False
    if facts.words < FEW_WORDS_PER_S * facts.speech_s:
        # It gives up on whole chunks of a language that it does not know.
        return True
    unsure = facts.probability / facts.words < ENGLISH_WORD
    loops = facts.loops >= 2 and facts.loops >= MANY_LOOPS * facts.chunks
    unlikely = facts.text_s > 0 and facts.log_prob / facts.text_s < ENGLISH_LOG_PROB
    return unsure or loops or unlikely


def sure(heard: Sequence[Heard]) -> bool:
    """Whether the words are good enough to expect more where some were skipped."""
    words = [word for one in heard for word in one.words]
    return bool(words) and sum(w.probability for w in words) / len(words) >= ENGLISH_WORD


def invented(heard: Heard, speech: Sequence[Span]) -> bool:
    """Text over silence, noise or music that nobody said.

    A model that hears no speech is believed only where it is unsure of the text too, or where
    the voice detector hears nothing either.
    """
    if heard.no_speech is None:
        return False
    if doubt.invented(heard.no_speech, heard.log_prob):
        return True
    duration_s = max(heard.end_s - heard.start_s, 0.01)
    overlap = length(common([(heard.start_s, heard.end_s)], speech)) / duration_s
    return overlap < 0.1 and heard.no_speech > 0.6


def doubtful(heard: Heard) -> bool:
    """Text that is likely wrong: kept in the transcript, kept out of drafts."""
    return doubt.doubtful(heard.compression, heard.log_prob, heard.no_speech)


def skipped(speech: Sequence[Span], heard: Sequence[Heard]) -> list[Span]:
    """Stretches of at least 3 s of speech that no heard word covers, in the order of time."""
    covered: list[Span] = []
    for word in sorted((w for one in heard for w in one.words), key=lambda w: w.start_s):
        start, end = word.start_s - WORD_EDGE_S, word.end_s + WORD_EDGE_S
        if covered and start - covered[-1][1] <= WORD_GAP_S:
            covered[-1] = (covered[-1][0], max(covered[-1][1], end))
        else:
            covered.append((start, end))
    return [span for span in without(speech, covered) if span[1] - span[0] >= SKIPPED_S]


def length(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans)


def common(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in both; each of the two is in the order of time."""
    pairs = ((max(a, c), min(b, d)) for a, b in spans for c, d in others)
    return [(start, end) for start, end in pairs if start < end]


def without(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What of `spans` lies outside `others`."""
    left = list(spans)
    for start, end in others:
        left = [
            part
            for a, b in left
            for part in ((a, min(b, start)), (max(a, end), b))
            if part[0] < part[1]
        ]
    return left
