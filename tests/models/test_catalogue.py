"""The table of models, and the owner's rows in it."""

from pathlib import Path

import pytest

from draftmill.models import catalogue
from draftmill.models.catalogue import ModelTableBroken
from draftmill.settings import Settings
from tests.support.model_shop import Shop

FREE = {"Apache-2.0", "MIT"}


def test_every_model_that_comes_along_is_free_fixed_to_a_revision_and_says_what_it_takes() -> None:
    found = catalogue.offers(Settings())
    assert {offer.kind for offer in found} == {"language", "speech"}
    for offer in found:
        assert offer.licence in FREE, offer.name
        assert offer.bytes < offer.memory, offer.name
        assert offer.good_for and offer.languages and offer.page, offer.name
        for part in offer.parts:
            revision = part.address.partition("/resolve/")[2].partition("/")[0]
            assert part.address.startswith("https://"), part.address
            assert len(revision) == 40, part.address
            assert part.address.endswith(f"/{part.file}"), part.address
    assert sum(offer.recommended for offer in found) == 1


def test_a_row_of_the_owners_is_added_and_is_theirs(tmp_path: Path) -> None:
    Shop(url="http://192.168.1.2", files={"m.gguf": b"x"}).offer(tmp_path, "mine")
    found = {offer.name: offer for offer in catalogue.offers(Settings(data=tmp_path))}
    assert found["mine"].own
    assert not found["qwen3.5-4b"].own


@pytest.mark.parametrize(
    "table",
    [
        "[[model]",
        "[[model]]\nname = 'x'\nmemory = 1",
        "[[model]]\nname = '../x'\nmemory = 1\nfiles = []",
        "[[model]]\nname = 'x'\nmemory = 1\n[[model.files]]\nfile = '../m.gguf'\n"
        "address = 'https://a/m'\nbytes = 1\nsha256 = '" + "0" * 64 + "'",
    ],
)
def test_a_table_that_is_wrong_is_named(tmp_path: Path, table: str) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "models.toml").write_text(table)
    with pytest.raises(ModelTableBroken) as caught:
        catalogue.offers(Settings(data=tmp_path))
    assert "models.toml" in caught.value.message
