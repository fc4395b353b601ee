"""In which language a text is, and whether it is written with spaces, told from a sample."""

import re
from collections.abc import Iterable

SAMPLE_LETTERS = 4000  # enough to tell the language
# Thai, Lao, Tibetan, Burmese, Khmer, kana and Chinese characters.
UNSPACED = re.compile(r"[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
SURELY = 40.0  # of the logarithm of how likely: near languages are nearer to each other
OTHER_WORD = re.compile(r"[^\W\d_]+")


def has_spaces(texts: Iterable[str]) -> bool:
    """Whether words are written apart: most of them are not Chinese, Japanese, Thai and the like."""
    sample = _sample(texts)
    others = UNSPACED.sub(" ", sample)
    return len(UNSPACED.findall(sample)) <= len(OTHER_WORD.findall(others))


def language_of(texts: Iterable[str]) -> str:
    """The language as a two-letter code. Loading its model takes a second, so it is loaded late."""
    import py3langid

    language, _ = py3langid.classify(_sample(texts))
    return str(language)


def is_another(texts: Iterable[str], said: Iterable[str], language: str) -> bool:
    """Whether a text is surely in another language than what was said, of which the code is known.

    What was said is looked at, too: languages that are near are told apart by chance.
    """
    import py3langid

    likely = {str(code): float(score) for code, score in py3langid.rank(_sample(texts))}
    found = max(likely, key=lambda code: likely[code])
    its_own = {language, language_of(said)}
    known = [likely[code] for code in its_own if code in likely]
    return found not in its_own and all(likely[found] - score > SURELY for score in known)


def _sample(texts: Iterable[str]) -> str:
    sample, letters = [], 0
    for text in texts:
        sample.append(text[:SAMPLE_LETTERS])
        letters += len(text)
        if letters > SAMPLE_LETTERS:
            break
    return " ".join(sample)[:SAMPLE_LETTERS]
