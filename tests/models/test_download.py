"""A model comes over a line that breaks, lies, or gives no ranges; what is not what the table says goes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from draftmill.models import download
from draftmill.models.catalogue import Part
from tests.support.model_shop import TAG, Shop, opened_shop

CONTENT = bytes(range(256)) * 4_000
HALF = len(CONTENT) // 2


@pytest.fixture
def shop() -> Iterator[Shop]:
    with opened_shop(m__gguf=CONTENT) as shop:
        yield shop


def part(shop: Shop, **other: object) -> Part:
    values = {"bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()} | other
    return Part("m.gguf", f"{shop.url}/m.gguf", **values)  # type: ignore[arg-type]


def bring(wanted: Part, target: Path, *, own: bool = True) -> list[int]:
    told: list[int] = []
    download.fetch(wanted, target, own=own, tell=told.append)
    download.put_in_place(wanted, target, lambda have: None)
    return told


def left(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_comes_whole_is_told_of_as_it_comes_and_leaves_nothing_beside_it(
    shop: Shop, tmp_path: Path
) -> None:
    told = bring(part(shop), tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").read_bytes() == CONTENT
    assert told[0] == 0
    assert told[-1] == len(CONTENT)
    assert left(tmp_path) == ["m.gguf"]


def test_after_a_break_only_the_rest_is_asked_for(shop: Shop, tmp_path: Path) -> None:
    shop.cut_after = HALF
    with pytest.raises(download.DownloadBroken):
        bring(part(shop), tmp_path / "m.gguf")
    assert download.came(tmp_path / "m.gguf") == HALF
    assert bring(part(shop), tmp_path / "m.gguf")[0] == HALF
    assert (tmp_path / "m.gguf").read_bytes() == CONTENT
    assert shop.asked == ["", f"bytes={HALF}-"]


@pytest.mark.parametrize("changed", [True, False], ids=["another state", "no ranges"])
def test_a_whole_answer_to_a_resumed_request_begins_anew(
    shop: Shop, tmp_path: Path, changed: bool
) -> None:
    shop.cut_after = HALF
    with pytest.raises(download.DownloadBroken):
        bring(part(shop), tmp_path / "m.gguf")
    if changed:
        (tmp_path / ".m.gguf.tag").write_text(TAG.replace("first", "second"))
    else:
        shop.ranges = False
    bring(part(shop), tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").read_bytes() == CONTENT


@pytest.mark.parametrize("other", [{"sha256": "0" * 64}, {"bytes": HALF}], ids=["hash", "size"])
def test_another_file_than_the_tables_is_thrown_away(
    shop: Shop, tmp_path: Path, other: dict[str, object]
) -> None:
    with pytest.raises(download.WrongFile):
        bring(part(shop, **other), tmp_path / "m.gguf")
    assert download.came(tmp_path / "m.gguf") == 0
    assert not (tmp_path / "m.gguf").exists()


def test_a_page_in_place_of_the_rest_leaves_what_has_come(shop: Shop, tmp_path: Path) -> None:
    shop.cut_after = HALF
    with pytest.raises(download.DownloadBroken):
        bring(part(shop), tmp_path / "m.gguf")
    shop.portal = b"<html>Sign in to this network</html>"
    with pytest.raises(download.DownloadBroken, match="gave something else"):
        bring(part(shop), tmp_path / "m.gguf")
    assert download.came(tmp_path / "m.gguf") == HALF
    shop.portal = b""
    assert bring(part(shop), tmp_path / "m.gguf")[0] == HALF


def test_more_than_the_server_has_is_thrown_away_so_a_retry_begins_anew(
    shop: Shop, tmp_path: Path
) -> None:
    shop.cut_after = HALF
    with pytest.raises(download.DownloadBroken):
        bring(part(shop), tmp_path / "m.gguf")
    shop.files["m.gguf"] = CONTENT[: HALF // 2]
    with pytest.raises(download.WrongFile):
        bring(part(shop), tmp_path / "m.gguf")
    assert download.came(tmp_path / "m.gguf") == 0
    shop.files["m.gguf"] = CONTENT
    bring(part(shop), tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").read_bytes() == CONTENT


def test_without_the_owners_word_nothing_comes_unencrypted(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(download.DownloadRefused):
        bring(part(shop), tmp_path / "m.gguf", own=False)
    assert shop.asked == []


def test_a_redirect_leads_to_no_other_place_without_encryption(shop: Shop, tmp_path: Path) -> None:
    shop.redirect = "http://localhost:1/m.gguf"
    with pytest.raises(download.DownloadRefused):
        bring(part(shop), tmp_path / "m.gguf")
