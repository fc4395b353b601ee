"""What was done to a draft just now, told on its desk, with the way back."""

from collections.abc import Mapping

from draftmill.drafts.undone import is_untouched
from draftmill.drafts.versions import Version

# What the address of a desk may tell: words, and where its Undo is posted. `n` is the value,
# `before` the version that the draft showed, `made` the one that it shows since.
TOLD = {
    "shown": ("Version {n} is the draft now.", "versions/{before}/restore?undoes={n}"),
    "taken": ("Taken.", "parts/{n}/offer?before={before}&undoes={made}"),
    "dropped": ("Removed.", "parts/{n}/offer"),
    "declined": ("Your text is kept.", "versions/{n}/offer"),
}
ASKED = (*TOLD, "before", "made")


def told_of(numbers: Mapping[str, int | None], url: str, current: Version) -> dict[str, str]:
    """The notice that the address of the desk at `url` asks for, as in _notice.html; {} for none.

    What was done to the text is told while the `current` version is that one, as it was made.
    """
    made = numbers["made"] if numbers["shown"] is None else numbers["shown"]
    if made is not None and not is_untouched(current, made):
        return {}
    for name, (words, undo) in TOLD.items():
        known = {"n": numbers[name], "before": numbers["before"], "made": numbers["made"]}
        if all(known[one] is not None for one in known if f"{{{one}}}" in words + undo):
            return {"notice": words.format(**known), "undo_url": f"{url}/{undo.format(**known)}"}
    return {}
