"""High dynamic range and wide gamuts, brought to the sRGB that pages, prints and eyes expect."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Light = NDArray[np.float32]
Signal = NDArray[np.float64]
Curve = Callable[[Signal], Signal]

WHITE_NITS = 203.0  # of a white page in both systems. Source: ITU-R BT.2408, table 1
HLG_NITS = 1000.0
PQ_NITS = 10_000.0
LUMA = np.array([0.2627, 0.6780, 0.0593], np.float32)
KNEE = 0.9  # of white: brighter than that is pressed together, never cut off
STEPS = 4096  # of a signal: twelve bits
UNSPECIFIED, RGB, HIGH_DEFINITION = 2, 0, 720
READABLE = (0, 1, 4, 5, 6, 7, 9)  # the matrices that swscale knows, by their numbers in H.273

# Corners of red, green, blue, as (x, y). White is D65 in all of them.
SRGB = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
CORNERS = {
    ColorPrimaries.BT2020: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    ColorPrimaries.SMPTE431: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    ColorPrimaries.SMPTE432: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
D65 = (0.3127, 0.3290)


@dataclass(frozen=True)
class Colours:
    """How a picture's red, green and blue are meant: curve and corners, by their H.273 numbers."""

    transfer: int
    primaries: int

    @property
    def plain(self) -> bool:
        """Whether they may be shown as sRGB without a visible difference."""
        return self.transfer not in BRIGHT and self.primaries not in CORNERS


def of(frame: "VideoFrame") -> Colours:
    """The colours that a frame says it has. High dynamic range without corners is BT.2020."""
    transfer, primaries = int(frame.color_trc), int(frame.color_primaries)
    if transfer in BRIGHT and primaries in (UNSPECIFIED, 0):
        primaries = ColorPrimaries.BT2020
    return Colours(transfer, primaries)


def matrix_of(frame: "VideoFrame") -> Colorspace | None:
    """From which matrix to read a frame's colours; None for the one that it names."""
    if frame.colorspace in READABLE:
        return None
    if of(frame).transfer in BRIGHT or of(frame).primaries == ColorPrimaries.BT2020:
        return Colorspace.BT2020
    # Players assume the colours of BT.709 from so many lines on.
    return Colorspace.ITU709 if frame.height >= HIGH_DEFINITION else Colorspace.ITU601


def srgb(picture: NDArray[np.generic], colours: Colours) -> NDArray[np.uint8]:
    """A picture (height × width × 3, the full range of 16 bits) as 8-bit sRGB.

    White is ITU-R BT.2408's reference white. What is brighter keeps its hue and is pressed
    into the last tenth of the range.
    """
    light: Light = _lights(colours.transfer)[picture.astype(np.uint16) >> 4]
    if colours.transfer == ColorTrc.ARIB_STD_B67:
        light = _displayed(light)
    if colours.primaries in CORNERS:
        light = light @ _to_srgb(colours.primaries).T
    if colours.transfer in BRIGHT:
        light = _pressed(light)
    steps = (np.clip(light, 0.0, 1.0) * (len(_signals()) - 1) + 0.5).astype(np.uint16)
    shown: NDArray[np.uint8] = _signals()[steps]
    return shown


def _hlg(signal: Signal) -> Signal:
    """Light of the scene, 0 to 1. Source: ITU-R BT.2100, table 5, the inverse OETF."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)


def _displayed(scene: Light) -> Light:
    """Light of a screen of 1,000 nits, in parts of white. Source: BT.2100, table 5, the OOTF."""
    luminance = np.maximum(scene @ LUMA, 1e-6)
    shown: Light = scene * (luminance**0.2 * (HLG_NITS / WHITE_NITS))[..., None]
    return shown


def _pq(signal: Signal) -> Signal:
    """Light of the screen in parts of white. Source: ITU-R BT.2100, table 4, the EOTF."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = signal ** (1 / m2)
    bare: Signal = np.maximum(root - c1, 0.0) / (c2 - c3 * root)
    light: Signal = bare ** (1 / m1) * (PQ_NITS / WHITE_NITS)
    return light


def _linear(signal: Signal) -> Signal:
    """Source: IEC 61966-2-1. For ordinary video too: what comes in by this curve leaves by it."""
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


BRIGHT: dict[int, Curve] = {ColorTrc.ARIB_STD_B67: _hlg, ColorTrc.SMPTE2084: _pq}


@lru_cache
def _lights(transfer: int) -> Light:
    """The light of each of the STEPS of a signal."""
    signal = np.linspace(0.0, 1.0, STEPS)
    return BRIGHT.get(transfer, _linear)(signal).astype(np.float32)


@lru_cache
def _signals() -> NDArray[np.uint8]:
    """sRGB's signal for light in equal steps from 0 to 1, fine enough for the darkest."""
    light = np.linspace(0.0, 1.0, 2**14)
    signal = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    shown: NDArray[np.uint8] = (signal * 255 + 0.5).astype(np.uint8)
    return shown


def _pressed(light: Light) -> Light:
    """Light below 1: what is brighter than the knee comes ever closer to white, in its hue."""
    brightest = np.maximum(light.max(axis=-1), 1e-6)
    over = np.maximum(brightest - KNEE, 0.0) / (1 - KNEE)
    kept = np.minimum(brightest, KNEE) + (1 - KNEE) * (1 - np.exp(-over))
    pressed: Light = light * (kept / brightest)[..., None]
    return pressed


@lru_cache
def _to_srgb(primaries: int) -> Light:
    """The 3 × 3 matrix from light in other corners to light in sRGB's."""
    corners = CORNERS[ColorPrimaries(primaries)]
    matrix: Light = (np.linalg.inv(_to_xyz(SRGB)) @ _to_xyz(corners)).astype(np.float32)
    return matrix


def _to_xyz(corners: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """From red, green, blue to CIE XYZ. Source: SMPTE RP 177-1993."""
    columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in corners]).T
    white = np.array([D65[0] / D65[1], 1.0, (1 - D65[0] - D65[1]) / D65[1]])
    scaled: NDArray[np.float64] = columns * np.linalg.solve(columns, white)
    return scaled
