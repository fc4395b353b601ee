"""What a text is about, as a vector: wordllama with the weights in its wheel."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from draftmill.language.words import content_words

Vectors = npt.NDArray[np.float32]


def meanings(texts: Sequence[str]) -> Vectors:
    """A unit vector for each text, of its content words; zeros where there are none."""
    cored = [" ".join(content_words(text)) for text in texts]
    vectors = np.zeros((len(texts), 256), dtype=np.float32)
    filled = [at for at, core in enumerate(cored) if core]
    if filled:
        vectors[filled] = _model().embed([cored[at] for at in filled], norm=False)
    return unit(vectors)


def of_words(words: Sequence[str]) -> Vectors:
    """The vector of each single word, as long as the word is telling."""
    if not words:
        return np.zeros((0, 256), dtype=np.float32)
    vectors: Vectors = _model().embed(list(words), norm=False)
    return vectors


def unit(vectors: Vectors) -> Vectors:
    """The vectors at length 1; zeros stay zeros."""
    lengths: Vectors = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)
    return units


@functools.cache
def _model() -> Any:
    import wordllama

    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
