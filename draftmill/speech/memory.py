"""How much address space a job's process may take: room for the model in use, and an end to it.

Measured with tiny.en (76 MB): 1.1 GB once it is loaded, and 0.11 GB more for each window that is
heard at once. What larger models take grows with their file.
"""

from draftmill.models.room import cores, free_memory
from draftmill.settings import Settings
from draftmill.speech.folders import WEIGHTS, folder_here

GENERAL = 4 * 10**9  # bytes: libraries, a long recording, a video's frames
EACH_CORE = 500 * 10**6  # a window that is heard, and two pictures of the largest size
LOADING = 4  # times the model's file
TAKEN, EACH_WINDOW = 800 * 10**6, 110 * 10**6  # bytes that are used, beside those of the model
IN_USE = 2  # times the model's file
LARGEST_MODEL = 3_200_000_000  # bytes of file, for one that is not here yet


def room(settings: Settings) -> int:
    """Bytes of address space that one job's process may take."""
    if settings.job_memory:
        return settings.job_memory
    windows = settings.whisper_threads or cores()
    model = 0 if settings.listens_on_server else _size(settings) or LARGEST_MODEL
    return GENERAL + EACH_CORE * max(windows, cores()) + model * (LOADING + windows)


def _size(settings: Settings) -> int:
    """Bytes of the model's file, 0 for one that is not here."""
    folder = folder_here(settings)
    file = folder / WEIGHTS if folder else None
    return file.stat().st_size if file and file.is_file() else 0


def scarce(settings: Settings, beside: int = 0) -> bool:
    """Whether this machine cannot spare what a transcription takes, as things are now.

    `beside` are bytes that somebody else is about to take.
    """
    free = free_memory()
    if settings.listens_on_server or free is None:
        return False
    windows = settings.whisper_threads or cores()
    return free - beside < TAKEN + EACH_WINDOW * windows + IN_USE * _size(settings)
