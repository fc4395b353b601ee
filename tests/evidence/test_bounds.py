"""The bounds of bench/evidence.py hold for some drafts of each kind of fault, and of what is right."""

import importlib.util
import sys
from collections import defaultdict
from types import ModuleType

import pytest

from tests.support.places import ROOT

EACH = 4  # drafts of a kind


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_evidence", ROOT / "bench" / "evidence.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_faults_are_caught_and_what_is_right_is_left_alone(bench: ModuleType) -> None:
    by_kind = defaultdict(list)
    for case in bench.cases():
        by_kind[case.kind].append(case)
    some = [one for found in by_kind.values() for one in found[:: max(1, len(found) // EACH)]]
    assert set(by_kind) >= {*bench.RIGHT, *(kind for _, of in bench.BOUNDS.values() for kind in of)}
    assert bench.reported(bench.told(some, set()))
