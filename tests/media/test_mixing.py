"""Every channel has its part in the mix, whatever their number, and none silences another."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from draftmill.media.audio import AudioDecoder
from draftmill.media.mixing import Mixer
from draftmill.media.probe import probe
from tests.support import many_channels as many
from tests.support import media_files as files
from tests.support.many_channels import RATE, in_channel, talk

Sound = NDArray[np.float32]


def loudness(sound: Sound) -> float:
    return float(np.sqrt(np.square(sound).mean()))


def likeness(one: Sound, other: Sound) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def mixed(*channels: Sound) -> Sound:
    """The mix of whole seconds, in pieces as they come from a file."""
    mixer, sound = Mixer(), np.stack(channels, axis=1)
    return np.concatenate(
        [mixer.mixed(sound[at : at + RATE], RATE) for at in range(0, len(sound), RATE)]
    )


def heard(path: Path) -> tuple[Sound, AudioDecoder]:
    decoder = AudioDecoder(path, track=0)
    return np.concatenate([np.zeros(0, np.float32), *(block.samples for block in decoder)]), decoder


@pytest.mark.parametrize("count", [2, 3, 10, 20, 64, 80])
def test_one_speaker_is_as_loud_among_many_channels_as_alone(count: int) -> None:
    voice = talk(1.0)
    path = many.wav(f"{count}.wav", in_channel(voice, count * 2 // 3, count))
    assert probe(path, 12).audio_tracks == 1
    sound, decoder = heard(path)
    assert loudness(sound) == pytest.approx(loudness(voice), rel=0.05)
    assert decoder.report.errors == 0


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("20.opus", ("-c:a", "libopus", "-mapping_family", "255")),
        ("20.mkv", ("-c:a", "pcm_s24le")),
        ("20.mov", ("-c:a", "pcm_f32le")),
        ("20.w64", ("-c:a", "pcm_s32le")),
    ],
)
def test_containers_of_many_channels_are_heard(name: str, codec: tuple[str, ...]) -> None:
    voice = talk(2.0)
    source = many.wav("twenty.wav", in_channel(voice, 3, 20))
    sound, _ = heard(files.made(name, "-i", str(source), *codec))
    assert loudness(sound) == pytest.approx(loudness(voice), rel=0.15)


@pytest.mark.parametrize("labels", [[2, 1], [1, 1, 1], [3, 42], [0xFFFFFFFF] * 12])
def test_loudspeakers_in_no_usual_order_are_no_crash(labels: list[int]) -> None:
    voice = talk(2.0)
    channels = in_channel(voice, len(labels) - 1, len(labels))
    path = many.caf(f"places-{len(labels)}-{labels[0]}.caf", channels, labels)
    assert probe(path, 12).container == "caf"
    assert loudness(heard(path)[0]) == pytest.approx(loudness(voice), rel=0.05)


@pytest.mark.parametrize("channel", range(6))
def test_every_loudspeaker_of_surround_sound_is_heard(channel: int) -> None:
    voice = talk(2.0)
    source = many.wav(f"six-{channel}.wav", in_channel(voice, channel, 6))
    path = files.made(
        f"six-{channel}.mka",
        "-i",
        str(source),
        "-af",
        "channelmap=channel_layout=5.1",
        "-c:a",
        "flac",
    )
    assert loudness(heard(path)[0]) == pytest.approx(loudness(voice), rel=0.05)


def test_channels_have_equal_weight_and_the_mix_is_not_clipped() -> None:
    voices = [talk(seed=seed) / 0.3 for seed in range(1, 6)]
    mix = mixed(*voices)
    parts = [likeness(mix, voice) for voice in voices]
    assert min(parts) > 0.3
    assert np.abs(mix).max() <= max(1.0, *(np.abs(voice).max() for voice in voices)) * 1.05


@pytest.mark.parametrize("share", [1.0, 0.9, 0.5])
def test_a_side_that_is_turned_over_cancels_nothing(share: float) -> None:
    voice = talk()
    mix = mixed(voice, -share * voice)
    assert loudness(mix) == pytest.approx(loudness(voice), rel=0.05)


def test_a_side_that_is_turned_over_for_a_while_cancels_nothing() -> None:
    voice, sign = talk(6.0), np.ones(6 * RATE, np.float32)
    sign[2 * RATE : 4 * RATE] = -1
    mix = mixed(voice, sign * voice)
    for second in range(6):
        now = slice(second * RATE, (second + 1) * RATE)
        assert loudness(mix[now]) == pytest.approx(loudness(voice[now]), rel=0.1)
    assert np.abs(np.diff(mix)).max() <= 2 * np.abs(np.diff(voice)).max()


def test_two_of_four_that_cancel_each_other_are_heard_beside_another_voice() -> None:
    one, other = talk(seed=1), talk(seed=2)
    assert likeness(mixed(one, -one, other, np.zeros_like(one)), one) > 0.5


@pytest.mark.parametrize("noise", ["hiss", "hum", "offset", "silence"])
def test_a_channel_without_speech_does_not_drown_another(noise: str) -> None:
    voice = talk()
    second = np.arange(len(voice), dtype=np.float32) / RATE
    other = {
        "hiss": 0.2 * np.random.default_rng(3).standard_normal(len(voice)),
        "hum": 0.5 * np.sin(2 * np.pi * 50 * second),
        "offset": np.full(len(voice), 0.7),
        "silence": np.zeros(len(voice)),
    }[noise].astype(np.float32)
    assert likeness(mixed(voice, other), voice) > 0.9
    assert loudness(mixed(voice, other)) == pytest.approx(loudness(voice), rel=0.5)


def test_samples_that_are_no_numbers_are_silence() -> None:
    voice = talk()
    broken = voice.copy()
    broken[RATE : RATE + 99] = np.nan
    broken[3 * RATE] = np.inf
    assert likeness(mixed(voice, broken), voice) > 0.9


@pytest.mark.parametrize("rate", [8000, 11127, 44100, 192000, 384000])
def test_any_rate_is_heard(rate: int) -> None:
    sound, decoder = heard(files.tone(f"rate{rate}.wav", "-ar", str(rate), "-ac", "2", "-t", "1"))
    assert len(sound) == pytest.approx(16_000, abs=20)
    assert loudness(sound) > 0.05
    assert decoder.report.errors == 0


def test_a_rate_at_which_nothing_can_be_heard_is_silence_of_its_length() -> None:
    whole = many.wav("once.wav", in_channel(talk(0.01), 0, 1)).read_bytes()
    slow = files.written("slow.wav", whole[:24] + (1).to_bytes(4, "little") + whole[28:])
    sound, decoder = heard(slow)
    assert len(sound) == 480 * 16_000
    assert not sound.any()
    assert decoder.report.errors == 0
