"""What Whisper's own figures say against a stretch of text, wherever it was recognised."""

NO_SPEECH = 0.9  # probability that nobody speaks
LOOPING = 2.4  # compression ratio
UNLIKELY = -1.0  # mean log-probability


def invented(no_speech: float | None, log_prob: float | None) -> bool:
    """Whether nobody said it: text over silence, noise or music.

    As in Whisper itself both figures have to say so: it is often sure of words that it gives
    after a pause, and calls the same stretch silent.
    """
    return _silent(no_speech) and _unlikely(log_prob)


def loops(compression: float | None) -> bool:
    """Whether it says the same again and again."""
    return compression is not None and compression > LOOPING


def doubtful(
    compression: float | None, log_prob: float | None, no_speech: float | None = None
) -> bool:
    """Whether it is likely wrong: kept in the transcript, kept out of drafts."""
    silent = log_prob is None and _silent(no_speech)
    return loops(compression) or _unlikely(log_prob) or silent


def _silent(no_speech: float | None) -> bool:
    return no_speech is not None and no_speech > NO_SPEECH


def _unlikely(log_prob: float | None) -> bool:
    return log_prob is not None and log_prob < UNLIKELY
