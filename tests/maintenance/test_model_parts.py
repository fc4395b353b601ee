"""What came of a model that nobody goes on with is not kept for ever."""

import os
import time

from tests.support.cleaning import clean
from tests.support.data_folder import DataFolder


def test_an_old_part_goes_and_a_new_one_stays(home: DataFolder) -> None:
    models = home.settings.models
    (models / "whisper").mkdir(parents=True)
    old, new, whole = models / ".a.gguf.part", models / "whisper" / ".b.part", models / "c.gguf"
    for file in (old, new, whole):
        file.write_bytes(b"bytes")
    days_ago = time.time() - 3 * 24 * 3600
    os.utime(old, (days_ago, days_ago))
    os.utime(whole, (days_ago, days_ago))
    assert clean(home).counts["parts of models deleted"] == 1
    assert (old.exists(), new.exists(), whole.exists()) == (False, True, True)
