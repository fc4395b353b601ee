"""What two programs write in a way of their own, put as the others write it."""

from typing import Any

from draftmill.transcripts.json_values import objects


def prepared(root: object) -> object:
    """The root with AWS's speakers at its words, and Google's words once."""
    results = root.get("results") if isinstance(root, dict) else None
    if isinstance(results, dict) and "items" in results:
        return {**root, "results": _with_speakers(results)}  # type: ignore[dict-item]
    if isinstance(results, list):
        return {**root, "results": _without_repetition(results)}  # type: ignore[dict-item]
    response = root.get("response") if isinstance(root, dict) else None
    if isinstance(response, dict):
        return {**root, "response": prepared(response)}  # type: ignore[dict-item]
    return root


def _with_speakers(results: dict[str, Any]) -> dict[str, Any]:
    """Older AWS files name the speakers in a list of their own, by the words' start."""
    labels = results.get("speaker_labels")
    segments = objects(labels.get("segments")) if isinstance(labels, dict) else []
    voices = {
        str(item.get("start_time")): item.get("speaker_label")
        for segment in segments
        for item in objects(segment.get("items"))
    }
    items = [
        {"speaker_label": voices.get(str(item.get("start_time"))), **item}
        for item in objects(results["items"])
    ]
    return {**results, "items": items}


def _without_repetition(results: list[Any]) -> list[Any]:
    """With speakers told apart, Google's last result repeats all words of those before."""
    counts = [len(_words(result)) for result in results]
    tagged = [
        any("speakerTag" in word or "speaker_tag" in word for word in _words(r)) for r in results
    ]
    repeats = len(results) > 1 and tagged[-1] and not any(tagged[:-1])
    return results[-1:] if repeats and counts[-1] >= sum(counts[:-1]) > 0 else results


def _words(result: object) -> list[dict[str, Any]]:
    alternatives = objects(result.get("alternatives")) if isinstance(result, dict) else []
    return objects(alternatives[0].get("words")) if alternatives else []
