"""What a stranger's JSON may hold in place of a number or of a list of objects."""

import json

import pytest

from draftmill.speech.server_answers import heard_in
from draftmill.transcripts.json_values import number, objects


@pytest.mark.parametrize(("value", "read"), [(3, 3.0), (-0.5, -0.5), (0, 0.0)])
def test_a_finite_number_is_read(value: object, read: float) -> None:
    assert number(value) == read


@pytest.mark.parametrize("value", [None, "3", True, [3], float("nan"), float("inf"), 10**400])
def test_anything_else_is_no_number(value: object) -> None:
    assert number(value) is None


def test_only_objects_of_a_list_are_read() -> None:
    assert objects([{"a": 1}, 2, None, {}]) == [{"a": 1}, {}]
    assert objects({"a": 1}) == objects("a") == objects(None) == []


def test_a_server_may_answer_with_a_number_of_any_length() -> None:
    segment = {"start": 0, "end": int("9" * 400), "text": "Hello."}
    answer = json.loads(json.dumps({"segments": [segment]}))
    assert [(one.start_s, one.end_s) for one in heard_in(answer, 5.0)] == [(0.0, 0.0)]
