"""Screenshots: one for each slide that is shown, whole, sharp and at its time."""

import subprocess
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from draftmill.media.stills import COLUMNS, ROWS, Stills
from draftmill.pipeline.gallery import CROWD, Gallery
from draftmill.pipeline.screenshots import take_screenshots
from tests.support.slides import FILMS, StandIn, film, made, slide

SMALL = (640, 360)
LOSSLESS = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p"]


def small(n: int, bullets: int = 4) -> Image.Image:
    return slide(n, bullets, SMALL)


def taken(tmp_path: Path, recording: Path | None) -> tuple[StandIn, list[Any]]:
    """The stage's work after it ran, and the rows it wrote."""
    work: Any = StandIn(tmp_path, recording)
    take_screenshots(work)
    return work, work.db.execute("select * from screenshots order by n").fetchall()


def grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L").resize((160, 90)), dtype=np.float32)


def looks_like(path: Path, image: Image.Image) -> bool:
    return float(np.abs(grey(picture(path)) - grey(image)).mean()) < 6


def spans_are(rows: list[Any], *expected: tuple[float, float], within_s: float = 1.1) -> bool:
    found = [(row["time_s"], row["end_s"]) for row in rows]
    return len(found) == len(expected) and bool(np.allclose(found, expected, rtol=0, atol=within_s))


def picture(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def ffmpeg(name: str, *arguments: str) -> Path:
    path = FILMS / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"part-{name}")
        subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(part)], check=True)
        part.replace(path)
    return path


def test_every_slide_is_one_picture_with_its_span(tmp_path: Path) -> None:
    shots = [(small(1), 7.0), (small(2), 9.0), (small(3), 6.0)]
    work, rows = taken(tmp_path, film(shots))
    assert spans_are(rows, (0, 7), (7, 16), (16, 22))
    for row, (image, _) in zip(rows, shots, strict=True):
        assert looks_like(work.home / row["file"], image)
    assert work.project["screenshots_at"]
    assert work.warnings == []


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_the_slides_of_a_webm_are_found_at_their_times(tmp_path: Path, codec: str) -> None:
    shots = [(small(1), 7.0), (small(2), 9.0), (small(3), 6.0)]
    quick = ["-c:v", codec, "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-g", "20"]
    work, rows = taken(tmp_path, made(shots, 10, False, ".webm", quick))
    assert spans_are(rows, (0, 7), (7, 16), (16, 22))
    for row, (image, _) in zip(rows, shots, strict=True):
        assert looks_like(work.home / row["file"], image)


def test_a_moving_speaker_in_a_corner_adds_no_pictures(tmp_path: Path) -> None:
    shots = [(slide(n), 20.0) for n in (1, 2, 3)]
    _, rows = taken(tmp_path, film(shots, corner=True, rate=8))
    assert spans_are(rows, (0, 20), (20, 40), (40, 60))


def test_with_keyframes_ten_seconds_apart_every_slide_is_found_at_its_time(tmp_path: Path) -> None:
    shots = [(small(n), 13.0) for n in (1, 2, 3, 4)]
    _, rows = taken(tmp_path, film(shots, keyframe_s=10))
    assert spans_are(rows, (0, 13), (13, 26), (26, 39), (39, 52))


def test_a_slide_between_two_keyframes_is_found(tmp_path: Path) -> None:
    shots = [(small(1), 11.0), (small(2), 5.0), (small(3), 14.0)]
    work, rows = taken(tmp_path, film(shots, keyframe_s=10))
    assert len(rows) == 3
    assert looks_like(work.home / rows[1]["file"], shots[1][0])


def test_when_keyframes_are_far_apart_all_frames_are_looked_at(tmp_path: Path) -> None:
    shots = [(small(n), 14.0) for n in (1, 2, 3)]
    work, rows = taken(tmp_path, film(shots, keyframe_s=100))
    assert spans_are(rows, (0, 14), (14, 28), (28, 42), within_s=3.1)
    for row, (image, _) in zip(rows, shots, strict=True):
        assert looks_like(work.home / row["file"], image)
    assert len(list((work.folder / "screenshots").iterdir())) == 6


def test_a_bullet_that_appears_is_a_new_picture(tmp_path: Path) -> None:
    shots = [(small(1, 1), 6.0), (small(1, 2), 6.0), (small(1, 3), 6.0)]
    work, rows = taken(tmp_path, film(shots))
    assert len(rows) == 3
    assert looks_like(work.home / rows[2]["file"], shots[2][0])


@pytest.mark.parametrize("keyframe_s", [2, 100])
def test_a_picture_shows_the_end_of_its_span(tmp_path: Path, keyframe_s: float) -> None:
    marked = small(1)
    ImageDraw.Draw(marked).rectangle((600, 20, 608, 28), fill="#d01010")
    _, rows = taken(
        tmp_path, film([(small(1), 7.0), (marked, 7.0), (small(2), 8.0)], keyframe_s=keyframe_s)
    )
    assert len(rows) == 2
    shown = picture(tmp_path / "media" / "p1" / rows[0]["file"]).convert("RGB")
    red, green, _ = np.asarray(shown, dtype=int)[24, 604]
    assert red > green + 80


def test_a_slide_that_comes_back_is_shown_once(tmp_path: Path) -> None:
    shots = [(small(1), 8.0), (small(2), 8.0), (small(1), 8.0), (small(3), 8.0)]
    _, rows = taken(tmp_path, film(shots))
    assert [row["time_s"] for row in rows] == pytest.approx([0, 8, 24], abs=1.1)


def test_an_empty_screen_is_no_picture(tmp_path: Path) -> None:
    black = Image.new("RGB", SMALL, "black")
    _, rows = taken(tmp_path, film([(black, 6.0), (small(1), 8.0), (black, 6.0)]))
    assert spans_are(rows, (6, 14))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_rotated_video_comes_out_upright(tmp_path: Path, turn: int) -> None:
    lying = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180}
    stored = small(1).transpose(lying.get(turn, Image.Transpose.ROTATE_270))
    data = bytearray(made([(stored, 4.0)], 5, False, ".mp4", LOSSLESS).read_bytes())
    matrix = data.index(b"\x40\0\0\0", data.index(b"tkhd")) - 32
    one, minus, none = (
        (65536).to_bytes(4, "big"),
        (-65536).to_bytes(4, "big", signed=True),
        bytes(4),
    )
    clockwise = {90: [none, one, minus, none], 180: [minus, none, none, minus]}
    a, b, c, d = clockwise.get(turn, [none, minus, one, none])
    data[matrix : matrix + 24] = a + b + none + c + d + none
    rotated = tmp_path / "rotated.mp4"
    rotated.write_bytes(data)
    work, rows = taken(tmp_path / "data", rotated)
    assert (rows[0]["width"], rows[0]["height"]) == SMALL
    assert looks_like(work.home / rows[0]["file"], small(1))


def test_a_variable_frame_rate_keeps_true_times(tmp_path: Path) -> None:
    shots = [(small(1), 20.0), (small(2), 3.5), (small(3), 31.0), (small(4), 5.0), (small(5), 1.0)]
    arguments = [*LOSSLESS, "-vf", "format=yuv420p", "-fps_mode", "vfr"]
    _, rows = taken(tmp_path, made(shots, 10, False, ".mkv", arguments))
    assert [row["time_s"] for row in rows] == pytest.approx([0, 20, 23.5, 54.5], abs=3.1)


def test_a_video_that_begins_late_keeps_true_times(tmp_path: Path) -> None:
    shots = [(small(1), 8.0), (small(2), 8.0)]
    _, rows = taken(tmp_path, film(shots, suffix=".mkv", arguments=["-output_ts_offset", "5"]))
    assert spans_are(rows, (5, 13), (13, 21))


def test_a_broadcast_clock_begins_at_zero(tmp_path: Path) -> None:
    shots = [(small(1), 8.0), (small(2), 8.0)]
    arguments = ["-output_ts_offset", "3000", "-muxdelay", "0"]
    _, rows = taken(tmp_path, film(shots, suffix=".ts", arguments=arguments))
    assert spans_are(rows, (0, 8), (8, 16))


def test_a_film_gives_a_picture_every_thirty_to_sixty_seconds(tmp_path: Path) -> None:
    noise = (
        "nullsrc=s=16x9:r=5:d=150,geq=lum=random(1)*255:cb=128:cr=128,scale=320:180:flags=neighbor"
    )
    path = ffmpeg("noise.mp4", "-f", "lavfi", "-i", noise, *LOSSLESS, "-g", "10")
    _, rows = taken(tmp_path, path)
    starts = [row["time_s"] for row in rows]
    assert 2 <= len(starts) <= 5
    assert all(30 <= gap <= 60 for gap in np.diff(starts))


def test_pictures_are_at_most_1280_wide_with_small_thumbnails(tmp_path: Path) -> None:
    path = film([(slide(1, size=(1920, 1080)), 4.0)], rate=5)
    work, rows = taken(tmp_path, path)
    large = work.home / rows[0]["file"]
    thumb = picture(large.with_name("001-thumb.jpg"))
    assert rows[0]["file"] == "job-1/screenshots/001.jpg"
    assert (rows[0]["width"], rows[0]["height"]) == (1280, 720) == picture(large).size
    assert thumb.size == (320, 180)
    assert thumb.format == picture(large).format == "JPEG"


def test_sound_alone_gives_no_pictures_and_is_done(tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "sine=duration=2"]
    work, rows = taken(tmp_path, ffmpeg("sound.m4a", *sound))
    assert rows == []
    assert work.project["screenshots_at"]


def test_cover_art_is_no_picture(tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "sine=duration=2"]
    cover = ["-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1", "-c:v", "mjpeg"]
    flags = ["-map", "0", "-map", "1", "-disposition:v", "attached_pic", "-pix_fmt", "yuvj420p"]
    _, rows = taken(tmp_path, ffmpeg("cover.mp3", *sound, *cover, *flags))
    assert rows == []


def test_a_project_without_a_recording_gets_none(tmp_path: Path) -> None:
    work, rows = taken(tmp_path, None)
    assert rows == []
    assert work.project["screenshots_at"]


def test_pictures_are_made_once(tmp_path: Path) -> None:
    work, before = taken(tmp_path, film([(small(1), 4.0)]))
    (work.home / "recording").unlink()
    take_screenshots(work)  # type: ignore[arg-type]
    assert work.db.execute("select * from screenshots").fetchall() == before


def test_a_new_search_leaves_what_a_person_chose_and_its_number(tmp_path: Path) -> None:
    work: Any
    work, before = taken(tmp_path, film([(small(1), 4.0), (small(2), 4.0)]))
    assert [row["n"] for row in before] == [1, 2]
    work.db.execute("insert into chosen_frames values (?, 5, 2, '')", (work.project["id"],))
    work.job, work.folder = (
        SimpleNamespace(parameters={"stage": "screenshots"}),
        work.home / "job-2",
    )
    take_screenshots(work)  # type: ignore[arg-type]
    rows = work.db.execute("select n, file from screenshots order by n").fetchall()
    assert [row["n"] for row in rows] == [1, 2, 3]
    assert rows[1]["file"] == before[1]["file"]


def test_damaged_packets_are_counted_and_passed_over(tmp_path: Path) -> None:
    data = bytearray(film([(small(n), 8.0) for n in (1, 2, 3)]).read_bytes())
    start = data.index(b"mdat") + len(data) // 3
    data[start : start + 4000] = b"\xff" * 4000
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(data)
    work, rows = taken(tmp_path / "data", damaged)
    assert len(rows) >= 2
    assert len(work.warnings) == 1
    assert "could not be decoded" in work.warnings[0]


def test_progress_counts_seconds_up_to_the_end(tmp_path: Path) -> None:
    work, _ = taken(tmp_path, film([(small(1), 7.0), (small(2), 9.0)]))
    done = [seconds for seconds, _, _ in work.reports]
    assert done == sorted(done)
    assert {(total, unit) for _, total, unit in work.reports} == {(16.0, "s")}


def test_of_crowded_pictures_the_longest_are_kept(tmp_path: Path) -> None:
    gallery, start = Gallery(tmp_path / "shots"), 0.0
    for n in range(20):
        look = np.full(COLUMNS * ROWS, 40, dtype=np.uint8)
        look[n * 100 : n * 100 + 100] = 200
        end = start + (8.0 if n % 2 else 3.0)
        image = Image.new("RGB", (64, 36))
        nothing = np.zeros(look.shape, dtype=np.bool_)
        gallery.add(start, end, look, nothing, partial(gallery.save, image))
        start = end
    shots = gallery.hang()
    assert len(shots) == CROWD
    assert all(shot.end_s - shot.time_s == 8.0 for shot in shots)
    assert len(list((tmp_path / "shots").iterdir())) == 2 * CROWD


def test_the_middle_of_a_fade_is_no_picture(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    look = np.arange(COLUMNS * ROWS, dtype=np.uint8)
    nothing = np.zeros(look.shape, dtype=np.bool_)
    assert not gallery.add(3.0, 4.0, look, nothing, lambda: None)


def test_slides_that_change_every_other_step_do_not_count_as_movement() -> None:
    chance = np.random.default_rng(1)
    slides = chance.integers(0, 255, (20, COLUMNS * ROWS), dtype=np.uint8)
    stills = Stills([10.0 * n for n in range(40)], np.repeat(slides, 2, axis=0))
    assert [cut.step for cut in stills.cuts()] == list(range(2, 40, 2))


def test_a_speaker_who_seldom_moves_is_still_a_speaker() -> None:
    chance = np.random.default_rng(2)
    looks = np.zeros((60, ROWS, COLUMNS), dtype=np.uint8)
    looks[30:, 5:20, 5:60] = 200
    for step in sorted(chance.choice(np.arange(1, 60), 12, replace=False)):
        looks[step:, 28:34, 54:62] = chance.integers(0, 255, (6, 8))
    stills = Stills([2.0 * n for n in range(60)], looks.reshape(60, -1))
    assert [cut.step for cut in stills.cuts()] == [30]
