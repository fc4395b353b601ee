"""Parts of speech of English, by HanTa (its own English model, CLAWS5 tags)."""

import functools
from typing import Any

from draftmill.language.lists import listed
from draftmill.language.words import pieces

Tagged = tuple[str, str]  # a piece and its tag

SUBJECTS = ("i", "we", "they")
BEFORE_A_NOUN = listed("AJ0 AT0 DPS")
FINITE = listed("VVB VVD VVZ VBB VBD VBZ VDB VDD VDZ VHB VHD VHZ VM0")
AFTER_A_NOUN = FINITE | listed("PUN PRP PRF CJC CJT")


@functools.lru_cache(maxsize=4096)
def tagged(text: str) -> tuple[Tagged, ...]:
    """The pieces of an English text with their tags: ("don't" is do VDB, n't XX0)."""
    words = pieces(text)
    if not words:
        return ()
    tags = _tagger().tag_sent(words, taglevel=0)
    for at in range(1, len(tags)):
        following = tags[at + 1] if at + 1 < len(tags) else "PUN"
        # In "if we fail we try" HanTa takes the second verb for an infinitive, and it takes
        # "dual writes" for a verb, which between an adjective and a verb is none.
        if tags[at] == "VVZ" and tags[at - 1] in BEFORE_A_NOUN and following in AFTER_A_NOUN:
            tags[at] = "NN2"
        elif tags[at] == "VVI" and words[at - 1].casefold() in SUBJECTS:
            tags[at] = "VVB"
    return tuple(zip(words, tags, strict=True))


@functools.cache
def _tagger() -> Any:
    from HanTa.HanoverTagger import HanoverTagger

    class Tagger(HanoverTagger):  # type: ignore[misc]
        """HanTa analyses an unknown word anew at every turn; a talk repeats its words."""

        @functools.lru_cache(maxsize=50_000)  # noqa: B019 (the tagger lives as long as the process)
        def analyze_forward(self, word: str) -> Any:
            return super().analyze_forward(word)

        def _analyze(self, word: str, pos: int, taglevel: int = 1) -> Any:
            return self.int2tag[pos] if taglevel == 0 else super()._analyze(word, pos, taglevel)

    return Tagger("morphmodel_en.pgz")
