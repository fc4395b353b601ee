"""Pictures in the colours that people see: white is white, whatever the camera wrote."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from draftmill.media import colours
from draftmill.media.colours import Colours
from draftmill.media.frames import Video
from tests.support import media_files as files

BT2020, P3 = 9, 12
SDR, HLG, PQ = 14, 18, 16
WIDE = ("-color_primaries", "bt2020", "-colorspace", "bt2020nc")
TEN_BIT = "format=yuv420p10le"


def page(white: str, ink: str, *filters: str) -> tuple[str, ...]:
    """A second of a page in one colour with a bar of ink."""
    source = f"color=c={white}:s=320x180:d=1:r=5,drawbox=x=0:y=90:w=320:h=40:c={ink}:t=fill"
    return ("-f", "lavfi", "-i", source, "-vf", ",".join(filters) or "null")


def shown(path: Path) -> Image.Image:
    with Video(path, only_keyframes=False) as video:
        return video.image(next(video.every(1.0))[1])


def matrix(name: str, full: bool = False) -> str:
    return f"scale=out_color_matrix={name}:out_range={'pc' if full else 'tv'}"


X264 = ("-c:v", "libx264", "-preset", "ultrafast")
HLG_PAGE = page("0xbfbfbf", "0x0f0f0f", matrix("bt2020nc"), TEN_BIT)
PQ_PAGE = page("0x949494", "0x0a0a0a", matrix("bt2020nc"), TEN_BIT)
FULL = page("0xbfbfbf", "0x0f0f0f", matrix("bt2020nc", full=True), TEN_BIT)
SDR_PAGE = page("white", "black", matrix("bt2020nc"), TEN_BIT)
PLAIN = page("white", "black", "format=yuv420p")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("hlg.mp4", (*HLG_PAGE, *X264, *WIDE, "-color_trc", "arib-std-b67")),
        ("hlg-untold.mp4", (*HLG_PAGE, *X264, "-color_trc", "arib-std-b67")),
        ("hlg-full.mp4", (*FULL, *X264, *WIDE, "-color_trc", "arib-std-b67", "-color_range", "pc")),
        ("pq.mp4", (*PQ_PAGE, *X264, *WIDE, "-color_trc", "smpte2084")),
        ("sdr-wide.mp4", (*SDR_PAGE, *X264, *WIDE, "-color_trc", "bt2020-10")),
        ("odd-matrix.mp4", (*PLAIN, *X264, "-colorspace", "ycgco")),
        ("palette.avi", (*PLAIN, "-pix_fmt", "pal8", "-c:v", "rawvideo")),
        ("rgb.mkv", (*PLAIN, "-pix_fmt", "gbrp10le", "-c:v", "ffv1")),
    ],
)
def test_a_white_page_is_white_and_its_ink_dark(name: str, made: tuple[str, ...]) -> None:
    picture = shown(files.made(f"page-{name}", *made))
    assert picture.mode == "RGB"
    assert min(picture.getpixel((30, 30))) >= 240  # type: ignore[arg-type]
    assert max(picture.getpixel((30, 110))) < 25  # type: ignore[arg-type]


def test_what_is_transparent_is_white() -> None:
    clear = "color=c=black@0.0:s=320x180:d=1:r=5,format=yuva444p10le"
    picture = shown(
        files.made("clear.mov", "-f", "lavfi", "-i", clear, "-c:v", "prores_ks", "-profile:v", "4")
    )
    assert min(picture.getpixel((30, 30))) >= 250  # type: ignore[arg-type]


def test_the_container_may_say_how_wide_pixels_are() -> None:
    whole = files.made("square.mp4", *PLAIN, *X264)
    assert shown(files.copied("wide.mkv", whole, "-aspect", "21:9")).size == (420, 180)


def signal(*colour: float) -> np.ndarray:
    return (np.array([[colour]]) * 65535).astype(np.uint16)


@pytest.mark.parametrize("transfer", [SDR, HLG, PQ])
def test_grey_stays_grey_and_grows_with_the_signal(transfer: int) -> None:
    levels = [colours.srgb(signal(x, x, x), Colours(transfer, BT2020))[0, 0] for x in LEVELS]
    assert all(np.ptp(level) <= 1 for level in levels)
    assert np.all(np.diff([int(level[0]) for level in levels]) >= 0)
    assert (levels[0][0], levels[-1][0]) == (0, 255)


LEVELS = np.linspace(0.0, 1.0, 33)


@pytest.mark.parametrize(
    ("primaries", "red_in_it"),
    [(BT2020, (0.6274, 0.0691, 0.0164)), (P3, (0.8225, 0.0332, 0.0171))],  # ITU-R BT.2087
)
def test_colours_of_a_wide_gamut_are_converted(
    primaries: int, red_in_it: tuple[float, float, float]
) -> None:
    """sRGB's red, written in wider corners, is a mixture there."""
    mixture = 1.055 * np.array(red_in_it) ** (1 / 2.4) - 0.055
    red, green, blue = colours.srgb(signal(*mixture), Colours(1, primaries))[0, 0]
    assert red >= 252
    assert max(green, blue) <= 16


def test_bt709_and_srgb_are_left_as_they_are() -> None:
    assert all(Colours(transfer, 1).plain for transfer in (1, 2, 6, 13))
    assert not Colours(PQ, 1).plain
    assert not Colours(1, BT2020).plain
