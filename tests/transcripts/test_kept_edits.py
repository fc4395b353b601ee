"""What a person wrote, in a transcript that was made anew."""

import pytest

from draftmill.transcripts import corrections
from draftmill.transcripts.kept_edits import keep_edits
from draftmill.transcripts.segments import segments_of
from draftmill.transcripts.sentence_edits import save
from tests.transcripts.test_corrections import project, said, transcript

HEARD = ("We use draft mill every day.", "Nobody asked.", "That is all for today, folks.")
WRITTEN = "We use Draftmill every single day."


@pytest.mark.parametrize(
    ("again", "now"),
    [
        (HEARD[0], WRITTEN),
        ("We used draft meal every day.", WRITTEN),  # nearly the same
        ("We use Draftmill every single day", WRITTEN),  # better heard than before
        ("Something else was said here.", "Something else was said here."),
        ("Every day.", "Every day."),
    ],
)
def test_an_edited_sentence_stays_where_it_is_still_said(db, again, now):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, WRITTEN)
    later = transcript(db, again, *HEARD[1:], done=False)
    assert keep_edits(db, "p1", earlier, later) == (now == WRITTEN)
    assert said(db, later) == [now, *HEARD[1:]]
    first, second, _ = segments_of(db, later)
    assert first.heard == (again if now == WRITTEN else None)
    assert second.heard is None


def test_the_same_words_at_another_time_are_another_sentence(db):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, WRITTEN)
    later = transcript(db, *HEARD[1:], HEARD[0], done=False)
    assert keep_edits(db, "p1", earlier, later) == 0
    assert said(db, later) == [*HEARD[1:], HEARD[0]]


def test_what_was_corrected_after_the_edit_is_corrected_there_too(db):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, "We use draft mill, all of us, every day.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    later = transcript(db, *HEARD, done=False)
    keep_edits(db, "p1", earlier, later)
    assert said(db, later)[0] == "We use Draftmill, all of us, every day."


def test_without_edits_nothing_is_looked_at(db):
    earlier = project(db, *HEARD)
    later = transcript(db, *HEARD, done=False)
    assert keep_edits(db, "p1", earlier, later) == 0
