"""Where things are: the checkout, and what the tests bring along."""

from pathlib import Path

SUPPORT = Path(__file__).resolve().parent
ROOT = SUPPORT.parent.parent
SOUNDS = SUPPORT / "sounds"
