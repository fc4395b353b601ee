"""The outlines made without a model, read by rules of their own: about 5 seconds.

`python -m bench drafts` reads the talks of the tests. `python bench/drafts.py FOLDER …` reads the
transcripts in folders instead, `--show` prints each fault, and `--drafts` the drafts themselves.
"""

import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.draft_oracles import Faults, count
from bench.draft_texts import Source, folder, talks
from bench.figures import report
from content_actions import CONTENT_TYPES
from draftmill.drafts.written import Written
from draftmill.writers.outline import writer

ALONE = 0.8  # share of the posts


class Quiet:
    """An attempt that nobody watches."""

    def progress(self, *args: object, **named: object) -> None: ...


def main(arguments: list[str]) -> int:
    folders = [Path(one) for one in arguments if not one.startswith("--")]
    total, longest_s = Faults(), 0.0
    for source in (s for path in folders for s in folder(path)) if folders else talks():
        written = drafts(source)
        faults = count(source, written)
        longest_s = max([longest_s, *(c.end_s - c.start_s for c in source.material.chapters)])
        say([f"{source.name}: {told(source, faults)}"])
        say(each(faults) if "--show" in arguments else ())
        say(shown(written) if "--drafts" in arguments else ())
        total += faults
    return 0 if reported(total, longest_s) else 1


def drafts(source: Source) -> dict[str, Written]:
    """The four drafts of one recording."""
    quiet: Any = Quiet()
    return {
        type: writer.write(quiet, source.material, content, "")
        for type, content in CONTENT_TYPES.items()
    }


def reported(total: Faults, longest_s: float) -> bool:
    """Every figure on a line of its own; whether all bounds hold."""
    bounded = {
        "invented sentence ends": total.ends,
        "invented sentence beginnings": total.begins,
        "labels in text": total.labels,
        "repeated sentences in one draft": total.repeated,
        "times off by more than 2 s": total.times,
        "quotations not verbatim": total.untrue,
        "quotations without or with a wrong speaker": [*total.unnamed, *total.misnamed],
        "titles that are a speaker's name": total.titles,
    }
    held = [report(name, len(found), most=0) for name, found in bounded.items()]
    share = 1 - len(total.leaning) / max(1, total.posts)
    of = f"of {total.posts}"
    return all(
        [
            *held,
            report("share of posts that stand alone", share, least=ALONE, note=of),
            report("longest chapter", longest_s / 60, "min", most=20),
            report(
                "points of newsletters that are posts, too",
                len(total.shared),
                note=f"of {total.points}",
            ),
            report("sentences quoted", total.sentences),
        ]
    )


def told(source: Source, found: Faults) -> str:
    """One recording on a line."""
    counted = ", ".join(
        f"{one.name} {len(value)}"
        for one in fields(Faults)
        if isinstance(value := getattr(found, one.name), list)
    )
    minutes, chapters = source.material.duration_s / 60, len(source.material.chapters)
    return f"{minutes:.0f} min, {chapters} chapters, {found.passages} quotations: {counted}"


def each(found: Faults) -> Iterable[str]:
    """Every fault, with the text that has it."""
    for one in fields(Faults):
        value = getattr(found, one.name)
        yield from (
            f"    {one.name}: {fault}" for fault in (value if isinstance(value, list) else ())
        )


def shown(written: dict[str, Written]) -> Iterable[str]:
    """The drafts, to be read."""
    for type, draft in written.items():
        yield f"\n== {type}: {draft.title}\n{draft.body}\n({draft.fields['note']})"


def say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
