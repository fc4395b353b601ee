"""A picture as a file, with a small one beside it."""

from pathlib import Path

from PIL import Image

QUALITY = 82
THUMB_WIDE = 320


def write_picture(image: Image.Image, file: Path, thumb: Path) -> None:
    """Write a picture and its thumbnail as JPEG. Neither is synced to disk."""
    image.save(file, "JPEG", quality=QUALITY)
    if image.width > THUMB_WIDE:
        size = (THUMB_WIDE, max(1, round(image.height * THUMB_WIDE / image.width)))
        image = image.resize(size, Image.Resampling.BOX, reducing_gap=None)
    image.save(thumb, "JPEG", quality=QUALITY)
