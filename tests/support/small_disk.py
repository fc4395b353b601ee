"""A disk that can be filled and freed at any moment, in a mount namespace of a test's own."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import until

SIZE = 2 * 10**9  # bytes; a page that nobody wrote costs no memory
VARIABLE = "SMALL_DISK"
MOUNT = f'mount -t tmpfs -o size={SIZE} small "${VARIABLE}" && exec "$@"'


@dataclass(frozen=True)
class Disk:
    """A file system in memory, for a data folder. Outside it only knows how to run its test inside."""

    data: Path
    request: pytest.FixtureRequest

    @property
    def mounted(self) -> bool:
        return VARIABLE in os.environ

    def fill(self, left: int = 0) -> None:
        """Leave so many bytes free: the disk becomes smaller, for to fill it would cost memory."""
        # Bytes that are written while we look make it too small for what it holds: look again.
        until(lambda: self._resize(self._used() + left), why="the disk to be as small as its files")

    def free(self) -> None:
        assert self._resize(SIZE)

    def _used(self) -> int:
        now = os.statvfs(self.data)
        return (now.f_blocks - now.f_bfree) * now.f_frsize

    def _resize(self, size: int) -> bool:
        again = ["mount", "-o", f"remount,size={size}", str(self.data)]
        return subprocess.run(again, capture_output=True).returncode == 0

    def run_inside(self) -> None:
        """Run the same test in a namespace that has the disk; skip where the kernel gives none."""
        self.data.mkdir(parents=True)
        config = self.request.config
        words = ["unshare", "-rm", "sh", "-c", MOUNT, "sh"]
        environ = os.environ | {VARIABLE: str(self.data)}
        tried = subprocess.run([*words, "true"], env=environ, capture_output=True, text=True)
        if tried.returncode:
            pytest.skip(f"the kernel gives no disk to a user of its own: {tried.stderr.strip()}")
        test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        test += [*(["--full"] if config.getoption("--full") else []), self.request.node.nodeid]
        done = subprocess.run(
            words + test,
            env=environ,
            cwd=config.rootpath,
            capture_output=True,
            text=True,
            timeout=3600 if config.getoption("--full") else 500,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    inside = os.environ.get(VARIABLE)
    return Disk(Path(inside) if inside else tmp_path / "disk" / "data", request)


def on_a_small_disk(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test that takes `disk` where that disk is."""

    @functools.wraps(test)
    def run(disk: Disk, **others: Any) -> None:
        if disk.mounted:
            test(disk=disk, **others)
        else:
            disk.run_inside()

    return run
