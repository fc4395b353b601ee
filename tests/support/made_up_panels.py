"""Made-up content for what is changed in place: a chapter, a speaker, a screenshot."""

from types import SimpleNamespace as Thing
from typing import Any

from draftmill.transcripts import how_many
from tests.support.made_up_content import SENTENCES, TITLE, URL

PROJECT: dict[str, Any] = {"id": "x", "title": TITLE, "file": "recording.mp4"}
ALONE: dict[str, Any] = {"project": PROJECT, "in_panel": False}


def panels() -> dict[str, tuple[str, dict[str, Any]]]:
    """Each as a page of its own."""
    choices = [
        Thing(n=n, at=f"{n}:00", words=text, chosen=n == 2) for n, text in enumerate(SENTENCES, 1)
    ]
    chapter = {
        **ALONE, "chapter": Thing(n=2, title="Where forty minutes went", start_s=372.0),
        "url": f"{URL}/chapters/2", "last": False, "tag": "1", "count": 3, "here": False, "starts": choices, "splits": choices,
    }  # fmt: skip
    others = [Thing(n=2, name="Ada Byron"), Thing(n=3, name="Track 3")]
    voices = Thing(
        url=f"{URL}/jobs",
        after_last="6",
        slot_id="job-x-ingest",
        choices=how_many.CHOICES,
        chosen="2",
    )
    speaker = {
        **ALONE, "transcript_id": 7, "count": 900, "chosen": 0, "speaker": Thing(n=1, name="Mara Keller", sentences=412),
        "url": f"{URL}/speakers/1", "at_s": 372.0, "others": others, "voices": voices, "said": [Thing(n=n, text=text) for n, text in enumerate(SENTENCES, 1)],
    }  # fmt: skip
    shot = {
        **ALONE, "shot": Thing(n=3, time_s=1500.0, width=320, height=180), "picture_url": "/picture/3.svg",
        "url": f"{URL}/screenshots/3/put", "drafts": [Thing(type="blog", label="Blog post")],
    }  # fmt: skip
    return {
        "chapter": ("projects/chapter.html", chapter),
        "speaker": ("projects/speaker.html", speaker),
        "speaker-nobody": (
            "projects/speaker.html",
            speaker | {"speaker": Thing(n=0, name="", sentences=412), "others": []},
        ),
        "shot": ("projects/shot.html", shot),
    }
