"""Words with times, and a text with punctuation: one is given to the other by their letters."""

from collections.abc import Iterator, Sequence

from draftmill.transcripts.formats.cues import Cue
from draftmill.transcripts.segments import Word


def with_marks(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """The words as the text writes them; none if the text says something else.

    In a text without spaces the words keep their own spelling, or, without its punctuation, go.
    """
    if "".join(word.text for word in words) == "".join(text.split()):
        return tuple(words)
    tokens = text.split()
    return tuple(_marked(words, tokens)) if len(tokens) * 3 > len(words) else ()


def shared_out(words: Sequence[Word], cues: Sequence[Cue]) -> list[Cue]:
    """Words that stand beside the cues, given to them; nothing changes if the letters differ."""
    timed = list(_marked(words, [token for cue in cues for token in cue.text.split()]))
    if not timed:
        return list(cues)
    shared, at = [], 0
    for cue in cues:
        count = len(cue.text.split())
        own = tuple(timed[at : at + count])
        at += count
        shared.append(Cue(own[0].start_s, own[-1].end_s, cue.text, own, cue.speaker, cue.doubtful))
    return shared


def _marked(words: Sequence[Word], tokens: Sequence[str]) -> Iterator[Word]:
    """The tokens with the times of the words of the same letters; nothing if they differ."""
    if not words or _letters("".join(word.text for word in words)) != _letters("".join(tokens)):
        return
    spelled = [_letters(word.text) for word in words]
    n, left = 0, ""
    for token in tokens:
        start = n
        left += _letters(token)
        while n < len(words) and left and left.startswith(spelled[n]):
            left = left[len(spelled[n]) :]
            n += 1
        used = words[start:n] or words[max(start - 1, 0) : max(start, 1)]
        yield Word(used[0].start_s, used[-1].end_s, token, min(word.probability for word in used))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
