"""Whatever shape captions have: each word once, in its order, at its time."""

import random

import pytest

from draftmill.transcripts import formats

ROUNDS = 150
ARROWS = ("-->", "->", "—>", " --> ", " -> ", "-- >", " → ")


class Scribe:
    """Writes captions out of shape. What is said is words that occur once, and numbers."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at = 0
        self.said: list[tuple[float, list[str]]] = []

    def written(self, webvtt: bool) -> str:
        pick = self.chance
        self.numbered, self.blanks = pick.random() < 0.6, pick.random() < 0.8
        self.end = pick.choice(["\n", "\r\n", "\r", "\r\r\n", " \n"])
        cues = [self._cue(n) for n in range(1, pick.randrange(2, 9))]
        head = pick.choice(["WEBVTT\n\n", "WEBVTT - x\nKind: captions\n\n"]) if webvtt else ""
        return (pick.choice(["", "\ufeff"]) + head + "".join(cues)).replace("\n", self.end)

    def _cue(self, n: int) -> str:
        pick = self.chance
        self.at += pick.randrange(2, 9)
        words = [f"w{n}x{k}" for k in range(pick.randrange(1, 9))]
        self.said.append((float(self.at), words))
        # Without blank lines a file that begins without a number may end a text with one.
        sure = n == 1 and not self.blanks
        number = f"{n}\n" if self.numbered and (sure or pick.random() < 0.8) else ""
        gap = "\n" * pick.randrange(0, 2) if self.blanks and pick.random() < 0.3 else ""
        return f"{number}{self._times()}\n{gap}{self._text(words)}\n" + "\n" * (
            self.blanks * pick.randrange(1, 3)
        )

    def _times(self) -> str:
        pick = self.chance
        clock = pick.choice(["00:00:{:02d},000", "0:0:{},0", "00:{:02d}.000", "00:00:{:02d}"])
        tail = pick.choice(["", "", " align:start", " X1:1 X2:2", " "])
        return clock.format(self.at) + pick.choice(ARROWS) + clock.format(self.at + 1) + tail

    def _text(self, words: list[str]) -> str:
        pick = self.chance
        marked = [
            pick.choice(["{}", "{}", "<i>{}</i>", "{{\\an8}}{}", '<b c="d">{}</b>']) for _ in words
        ]
        first, *others = [mark.format(word) for mark, word in zip(marked, words, strict=True)]
        return first + "".join(pick.choice([" ", " ", "\n", "\\N"]) + word for word in others) + "."


@pytest.mark.parametrize("webvtt", [False, True])
def test_no_word_under_times_is_lost_or_invented(webvtt: bool) -> None:
    for seed in range(ROUNDS):
        scribe = Scribe(seed)
        text = scribe.written(webvtt)
        brought = formats.parse(text, "talk.vtt" if webvtt else "talk.srt")
        words = [word for segment in brought.segments for word in segment.words]
        expected = [word for _, said in scribe.said for word in said]
        assert [word.text.rstrip(".") for word in words] == expected, (seed, text)
        begins = {word.text.rstrip("."): word.start_s for word in words}
        assert [begins[said[0]] for _, said in scribe.said] == [at for at, _ in scribe.said], seed
        assert brought.unread == (), (seed, text)
