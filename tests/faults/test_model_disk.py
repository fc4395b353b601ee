"""The disk is full in the middle of a model's download: it waits, and goes on where it was."""

import os
from contextlib import closing

from tests.support.house import QUICK, opened, until
from tests.support.model_shop import opened_shop
from tests.support.small_disk import Disk, disk, on_a_small_disk

__all__ = ["disk"]
CONTENT = b"GGUF" + bytes(12_000_000)
HELD = 2_000_000


@on_a_small_disk
def test_a_full_disk_holds_a_download_up_and_costs_no_byte(disk: Disk) -> None:
    quick = QUICK | {"DRAFTMILL_RETRY_DELAY_S": "0.1"}
    with (
        opened(disk.data / "house", **quick) as house,
        closing(house.make_owner()) as client,
        opened_shop(big__gguf=CONTENT) as shop,
    ):
        shop.offer(house.data, "big")
        shop.holds_after = HELD
        client.post("/settings/models/big/get", data={"then": ""})
        job = house.one("select id from jobs where type = 'model'")
        assert job
        until(lambda: house.job(job["id"])["done"] >= HELD, why="the first bytes")
        disk.fill(left=1_000_000)
        shop.holds_after = 0
        shop.go_on.set()
        # The database has no room either: the end of the attempt waits for it, too.
        until(lambda: not os.statvfs(disk.data).f_bavail, why="the disk to be full")
        disk.free()
        assert house.ended(job["id"])["status"] == "succeeded"
        assert shop.asked[0] == ""
        assert int(shop.asked[-1].removeprefix("bytes=").rstrip("-")) >= HELD
        assert (house.data / "models" / "big.gguf").read_bytes() == CONTENT
