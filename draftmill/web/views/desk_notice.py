"""What was done to a draft just now, told on its desk, with the way back."""

from collections.abc import Mapping

# What the address of a desk may tell: words, and where its Undo is posted. `n` is the value,
# `before` the version that the draft showed.
TOLD = {
    "shown": ("Version {n} is the draft now.", "versions/{before}/restore"),
    "taken": ("Taken.", "parts/{n}/offer?before={before}"),
    "dropped": ("Removed.", "parts/{n}/offer"),
    "declined": ("Your text is kept.", "versions/{n}/offer"),
}
ASKED = (*TOLD, "before")


def told_of(numbers: Mapping[str, int | None], url: str) -> dict[str, str]:
    """The notice that the address of the desk at `url` asks for, as in _notice.html; {} for none."""
    before = numbers["before"]
    for name, (words, undo) in TOLD.items():
        n = numbers[name]
        if n is not None and (before is not None or "{before}" not in undo):
            undone = f"{url}/{undo.format(n=n, before=before)}"
            return {"notice": words.format(n=n), "undo_url": undone}
    return {}
