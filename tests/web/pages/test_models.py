"""The owner's page of models: one press downloads, checks, and lets the model write."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.support.house import QUICK, House, opened, until
from tests.support.llama_server import model_file
from tests.support.model_shop import Shop, opened_shop
from tests.support.projects import pasted

WEIGHTS = Path(model_file()).read_bytes()[:3_000_000]  # its head, and nothing that would run
PAGE = "/settings/models"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("models") / "data"
    with opened(data, **QUICK) as house, closing(house.make_owner()) as client:
        house.client_of_owner = client  # type: ignore[attr-defined]
        yield house


@pytest.fixture
def owner(house: House) -> httpx2.Client:
    client: httpx2.Client = house.client_of_owner  # type: ignore[attr-defined]
    return client


@pytest.fixture
def shop(house: House) -> Iterator[Shop]:
    with opened_shop(small__gguf=WEIGHTS) as shop:
        yield shop


def press(client: httpx2.Client, verb: str, name: str, **fields: str) -> httpx2.Response:
    return client.post(f"{PAGE}/{name}/{verb}", data={"then": ""} | fields)


def job_of(house: House) -> str:
    row = house.one("select id from jobs where type = 'model' order by n desc")
    assert row
    return str(row["id"])


def test_one_press_brings_a_model_over_a_broken_line_and_it_writes_from_then_on(
    house: House, owner: httpx2.Client, shop: Shop
) -> None:
    shop.offer(house.data, "small")
    shop.cut_after = 1_000_000
    assert press(owner, "get", "small").status_code == 303
    job = house.ended(job_of(house))
    assert job["status"] == "succeeded", job["error_message"]
    assert shop.asked[1] == "bytes=1000000-"
    assert (house.data / "models" / "small.gguf").read_bytes() == WEIGHTS
    chosen = dict(house.rows("select key, value from settings"))
    assert chosen == {"writing_with": "inside", "inside_model": "small.gguf"}
    assert "Writes" in owner.get(PAGE).text
    _says_how_long_before_anybody_presses(house, owner)
    # The project that its job needs is in no list, and leads to the page of models.
    assert "A model small" not in owner.get("/").text
    project = house.one("select id from projects where holds = 'model'")
    assert project
    assert owner.get(f"/projects/{project['id']}").headers["location"] == PAGE
    assert "Model" in owner.get("/jobs").text
    assert owner.get(f"/jobs/{job['id']}").status_code == 200
    assert press(owner, "delete", "small").status_code == 303
    assert not (house.data / "models" / "small.gguf").exists()


def _says_how_long_before_anybody_presses(house: House, owner: httpx2.Client) -> None:
    project = pasted(owner, "We moved our build to a remote cache. It saved a lot of time. " * 60)
    until(lambda: house.one("select 1 from projects where transcript_id is not null"))
    page = f"/projects/{project}"
    assert "takes" not in owner.get(page).text
    with closing(house.db()) as db, db:
        db.execute("insert into model_paces values ('small', 300, 15, 100, 20, '')")
    few = "A draft of a 4-minute talk takes roughly 4 minutes here, judged by a few words."
    assert few in owner.get(page).text
    with closing(house.db()) as db, db:
        db.execute("update model_paces set read = 2000, read_s = 100")
    assert "A draft of a 4-minute talk takes about 4 minutes here." in owner.get(page).text
    assert "A draft of a 60-minute talk takes about" in owner.get(PAGE).text
    assert "A draft of a 60-minute talk takes about" in owner.get("/settings/writing").text


def test_another_file_than_the_tables_is_refused_and_thrown_away(
    house: House, owner: httpx2.Client, shop: Shop
) -> None:
    shop.offer(house.data, "small", sha256="0" * 64)
    press(owner, "get", "small")
    job = house.ended(job_of(house))
    assert (job["status"], job["error_code"]) == ("failed", "wrong_file")
    assert [p.name for p in (house.data / "models").iterdir()] == ["models.toml"]


def test_a_cancelled_download_leaves_nothing(
    house: House, owner: httpx2.Client, shop: Shop
) -> None:
    shop.offer(house.data, "small")
    shop.holds_after = 1_000_000
    press(owner, "get", "small")
    job = job_of(house)
    until(lambda: house.job(job)["done"] >= 1_000_000, why="the first bytes")
    pill = owner.get(f"/jobs/{job}/pill").text
    assert "1.0 of 3.0 MB" in pill
    assert "31 %" in pill  # the rest is checking
    owner.post(f"/jobs/{job}/cancel")
    assert house.ended(job)["status"] == "cancelled"
    models = house.data / "models"
    until(lambda: [p.name for p in models.iterdir()] == ["models.toml"], why="the part to go")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"memory": 10**15}, "of memory, and this machine has"),
        ({"bytes": 10**15}, "of free disk, and there are"),
    ],
)
def test_what_this_machine_cannot_hold_is_refused_before_it_starts(
    house: House, owner: httpx2.Client, shop: Shop, wrong: dict[str, int], says: str
) -> None:
    shop.offer(house.data, "small", **wrong)  # type: ignore[arg-type]
    before = house.rows("select id from jobs")
    answer = press(owner, "get", "small")
    assert answer.status_code == 507
    assert says in answer.text
    assert house.rows("select id from jobs") == before
    assert shop.asked == []


def test_a_speech_model_of_several_files_comes_as_a_folder_and_is_chosen_by_a_press(
    house: House, owner: httpx2.Client
) -> None:
    files = {"model__bin": b"weights" * 1000, "config__json": b"{}"}
    with opened_shop(**files) as shop:
        shop.offer(house.data, "whisper-test", kind="speech")
        press(owner, "get", "whisper-test")
        assert house.ended(job_of(house))["status"] == "succeeded"
    folder = house.data / "models" / "whisper-test"
    assert sorted(p.name for p in folder.iterdir()) == ["config.json", "model.bin"]
    assert press(owner, "use", "whisper-test", kind="speech").status_code == 303
    chosen = house.one("select value from settings where key = 'whisper_model'")
    assert chosen and chosen["value"] == "whisper-test"
    assert press(owner, "use", "tiny.en", kind="speech").status_code == 303


def test_only_the_owner_sees_and_presses(house: House, owner: httpx2.Client) -> None:
    with closing(house.add_user("kim@example.org")) as other:
        assert other.get(PAGE).status_code == 403
        for verb in ("get", "use", "delete"):
            assert press(other, verb, "qwen3.5-2b").status_code == 403
    assert press(owner, "get", "nothing-like-it").status_code == 404


def test_a_table_of_the_owners_that_is_wrong_is_named_and_hides_nothing_else(
    house: House, owner: httpx2.Client
) -> None:
    table = house.data / "models" / "models.toml"
    table.parent.mkdir(parents=True, exist_ok=True)
    before = table.read_text() if table.exists() else None
    table.write_text("[[model]]\nname = 'mine'\nfiles = []\nmemory = 1\n")
    try:
        for page in ("writing", "models"):
            shown = owner.get(f"/settings/{page}")
            assert shown.status_code == 200
            assert "models.toml is wrong: mine has no kind, or no files." in shown.text
            assert "Row 1 of" in shown.text
        assert "Qwen" in shown.text
    finally:
        table.unlink()
        if before is not None:
            table.write_text(before)
