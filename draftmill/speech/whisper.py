"""The built-in recogniser: Whisper, by faster-whisper, on this machine's processor."""

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from draftmill import errors
from draftmill.errors import Problem
from draftmill.settings import Settings, hint_for
from draftmill.speech.folders import BUNDLED, WEIGHTS, bundled_folder, is_path, placed
from draftmill.speech.recogniser import Heard, HeardUntil, Lengths, Say
from draftmill.transcripts.segments import Word
from draftmill.transcripts.sentences import UNSPACED, glued

if TYPE_CHECKING:
    from draftmill.media.timeline import Samples

BUNDLED_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
# 0.56 times the processor time of float32; word errors 5.1 % against 4.5 % on synthetic speech.
COMPUTE_TYPE = "int8"
OPTIONS = {
    "beam_size": 5,
    "best_of": 2,  # guesses after a failure, each with 20 MB of its own; five err no less
    "vad_filter": False,
    "condition_on_previous_text": False,
    "word_timestamps": True,
}

# Encoding grows faster than its length: 30 s take three times as long as 20, with the silence
# after each window. Much shorter ones would cut more sentences in two.
LENGTHS = Lengths(early_s=17.0, usual_s=17.0)

logger = logging.getLogger(__name__)


class ModelDamaged(Problem):
    code = "model_damaged"
    default_message = "The speech model that comes with Draftmill is damaged."
    default_hint = (
        "Install Draftmill again, or choose another model in the settings, “Listening”; then press"
        " Retry."
    )


class ModelMissing(Problem):
    code = "model_missing"


class ModelUnreachable(Problem):
    code = "speech_model_unreachable"
    transient = True


class Whisper:
    """One loaded model, which as many threads use at once as it has workers."""

    scored = True
    lengths = LENGTHS

    def __init__(
        self,
        settings: Settings,
        workers: int,
        language: str = "",
        hints: str = "",
    ) -> None:
        self.name = settings.whisper_model
        self.language = language
        self._settings = settings
        self._workers = workers
        self._hints = hints
        self._folder: Path | None = None
        self._model: Any = None

    @property
    def english_only(self) -> bool:
        """Whether it makes English out of everything. Known once it is loaded."""
        if self._model is None:
            return self.name.endswith(".en")
        return not self._model.model.is_multilingual

    def fetch(self, say: Say) -> None:
        """Find the model, or download it. Raises ModelMissing or ModelDamaged."""
        self._folder = model_folder(self._settings, say)

    def load(self) -> None:
        """Load the model that was fetched. Raises ModelDamaged."""
        from draftmill.speech.lean import LeanModel

        # Verified beside the loading, on another core: somebody waits for the first words.
        with ThreadPoolExecutor(1) as beside:
            verified = beside.submit(verify, self._folder)
            try:
                self._model = LeanModel(
                    str(self._folder),
                    self._workers,
                    device="cpu",
                    compute_type=COMPUTE_TYPE,
                    cpu_threads=1,
                )
            except (RuntimeError, ValueError) as error:
                if errors.lacks_memory(error):
                    raise MemoryError from error
                verified.result()
                raise ModelDamaged(
                    f"The speech model “{self.name}” cannot be loaded: {error}",
                    "It must be a folder with a Whisper model in CTranslate2's format.",
                ) from error
            verified.result()

    def close(self) -> None:
        """The model goes with this process."""

    def settle(self, samples: "Samples") -> None:
        """Find the language in the first speech, if nobody chose one."""
        if self.english_only:
            self.language = "en"
        elif not self.language:
            self.language = self._model.detect_language(samples)[0]

    def hear(self, samples: "Samples", heard_until: HeardUntil) -> list[Heard]:
        """Recognise samples, in steps of 30 s of them."""
        from draftmill.speech.lean import give_back

        options = OPTIONS | ({"hotwords": self._hints} if self._hints else {})
        segments, _ = self._model.transcribe(samples, language=self.language or None, **options)
        spaced = self.language not in UNSPACED
        result = []
        for segment in segments:
            result.append(_heard(segment, spaced))
            heard_until(float(segment.end))
        give_back()
        return result


def _heard(segment: Any, spaced: bool) -> Heard:
    words = [
        Word(float(w.start), float(w.end), w.word, float(w.probability))
        for w in segment.words or []
    ]
    return Heard(
        float(segment.start),
        float(segment.end),
        segment.text,
        tuple(glued(words, spaced)),
        segment.no_speech_prob,
        segment.compression_ratio,
        segment.avg_logprob,
        segment.seek,
    )


def model_folder(settings: Settings, say: Say) -> Path:
    """The folder of the model that the settings name, downloaded if need be.

    Raises ModelMissing, ModelUnreachable, or ModelDamaged when the bundled model is not the
    one we know.
    """
    name, folder = settings.whisper_model, placed(settings)
    if folder is not None:
        if not (folder / WEIGHTS).is_file():
            raise ModelMissing(
                f"The folder {folder} holds no speech model: there is no model.bin in it.",
                _choose(
                    "a folder with a Whisper model in CTranslate2's format, or a name such as"
                    " “small.en”"
                ),
            )
        return folder
    if is_path(name):
        raise ModelMissing(
            f"There is no folder {name}.",
            _choose("one that exists"),
        )
    return _downloaded(name, settings.models, say)


def verify(folder: Path | None) -> None:
    """Raise ModelDamaged if this is the bundled model and not the one we know."""
    if folder != bundled_folder():
        return
    try:
        with (folder / WEIGHTS).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelDamaged from error
    if digest != BUNDLED_SHA256:
        raise ModelDamaged


def _downloaded(name: str, cache: Path, say: Say) -> Path:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from faster_whisper.utils import available_models, download_model

    if "/" not in name and name not in available_models():
        raise ModelMissing(
            f"There is no speech model called “{name}”.",
            _choose(f"a folder or one of {', '.join(available_models())}"),
        )
    cache.mkdir(parents=True, exist_ok=True)
    try:
        return Path(download_model(name, cache_dir=str(cache), local_files_only=True))
    except Exception as error:
        logger.info("%s is not in %s yet: %s", name, cache, type(error).__name__)
    with _growth(cache, lambda size: say(f"Downloading the speech model {name}", size)):
        try:
            return Path(download_model(name, cache_dir=str(cache)))
        except Exception as error:
            # The hub's client raises errors of a dozen families, depending on what is offline.
            logger.warning("%s was not downloaded: %s: %s", name, type(error).__name__, error)
            raise _undownloaded(name, error) from error


def _undownloaded(name: str, error: Exception) -> Problem:
    status = getattr(getattr(error, "response", None), "status_code", 0)
    if 400 <= status < 500 and status not in (408, 429):
        return ModelMissing(
            f"The speech model {name} does not exist, or is not for everybody (HTTP {status}).",
            _choose(f"another, or {BUNDLED}, which comes with Draftmill"),
        )
    known = errors.named(error)
    if known is not None and not isinstance(known, errors.NetworkFailed):
        return known
    return ModelUnreachable(
        f"The speech model {name} could not be downloaded.",
        "Check the connection to the internet and press Retry. Or: "
        + _choose(f"{BUNDLED}, which comes with Draftmill"),
    )


def _choose(what: str) -> str:
    return hint_for(
        "whisper_model",
        f"Set {{variable}} to {what}; start Draftmill again, and press Retry.",
        f"Choose {what}, in the settings, “Listening”, and press Retry.",
    )


@contextmanager
def _growth(folder: Path, tell: Callable[[int], None]) -> Iterator[None]:
    """Tell once a second how many bytes a folder holds."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            with suppress(OSError):  # files are renamed while we look
                tell(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()))

    tell(0)
    thread = threading.Thread(target=watch, name="download", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
