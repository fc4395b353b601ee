"""What a text is about, as a vector: the mean of its words' vectors, from the wheel of wordllama.

Only its two files are read: its own code loads a client for the network and more, for 0.3 s and
40 MB of each child that compares texts.
"""

import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from draftmill.language.words import content_words

Vectors = npt.NDArray[np.float32]
NAME = "l2_supercat"
WIDTH = 256  # numbers in a vector


def meanings(texts: Sequence[str]) -> Vectors:
    """A unit vector for each text, of its content words; zeros where there are none."""
    cored = [" ".join(content_words(text)) for text in texts]
    vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
    filled = [at for at, core in enumerate(cored) if core]
    if filled:
        vectors[filled] = _table().of([cored[at] for at in filled])
    return unit(vectors)


def of_words(words: Sequence[str]) -> Vectors:
    """The vector of each single word, as long as the word is telling."""
    return _table().of(words) if words else np.zeros((0, WIDTH), dtype=np.float32)


def unit(vectors: Vectors) -> Vectors:
    """The vectors at length 1; zeros stay zeros."""
    lengths: Vectors = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)
    return units


class _Table:
    """A vector for each piece of a word, and what cuts texts into such pieces."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._pieces = Tokenizer.from_file(
            str(folder / "tokenizers" / f"{NAME}_tokenizer_config.json")
        )
        self._pieces.no_truncation()
        self._vectors = load_file(folder / "weights" / f"{NAME}_{WIDTH}.safetensors")[
            "embedding.weight"
        ]

    def of(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        read = self._pieces.encode_batch_fast(list(texts), add_special_tokens=False)
        for at, text in enumerate(read):
            if text.ids:
                np.mean(self._vectors[text.ids], axis=0, dtype=np.float32, out=vectors[at])
        return vectors


@functools.cache
def _table() -> _Table:
    found = importlib.util.find_spec("wordllama")
    assert found
    assert found.submodule_search_locations
    return _Table(Path(found.submodule_search_locations[0]))
