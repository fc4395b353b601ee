"""Average linkage: what is most alike is joined first, until everything is one."""

import numpy as np
from numpy.typing import NDArray

Merge = tuple[float, int, int]  # how alike two were when they were joined, and one member of each


def merges(alike: NDArray[np.float32]) -> list[Merge]:
    """The joins of n things, the most alike first; `alike` is n × n, and is overwritten.

    How alike two groups are is the mean over all pairs. By the chain of nearest neighbours, in
    the square of n. Source: Müllner, "Modern hierarchical, agglomerative clustering algorithms".
    """
    count = len(alike)
    np.fill_diagonal(alike, -np.inf)
    sizes, chain = np.ones(count), [0] if count else []
    found: list[Merge] = []
    living = np.ones(count, bool)
    while len(found) < count - 1:
        if not chain:
            chain = [int(living.argmax())]
        last = chain[-1]
        nearest = int(alike[last].argmax())
        before = chain[-2] if len(chain) > 1 else -1
        if before >= 0 and alike[last, before] >= alike[last, nearest]:
            nearest = before  # of equals the one we came from, or the chain had no end
        if nearest != before:
            chain.append(nearest)
            continue
        del chain[-2:]
        found.append((float(alike[last, nearest]), last, nearest))
        share = sizes[last] / (sizes[last] + sizes[nearest])
        joined = share * alike[last] + (1 - share) * alike[nearest]
        joined[~living | (np.arange(count) == nearest)] = -np.inf
        alike[nearest, :] = alike[:, nearest] = joined
        alike[last, :] = alike[:, last] = -np.inf
        sizes[nearest] += sizes[last]
        living[last] = False
    return sorted(found, reverse=True)


def groups(count: int, joins: list[Merge]) -> NDArray[np.int64]:
    """The group of each of `count` things after these joins, numbered from 0."""
    parents = list(range(count))

    def root(n: int) -> int:
        while parents[n] != n:
            parents[n] = parents[parents[n]]
            n = parents[n]
        return n

    for _, one, other in joins:
        parents[root(one)] = root(other)
    return np.unique([root(n) for n in range(count)], return_inverse=True)[1]
