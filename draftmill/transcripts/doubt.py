"""What Whisper's own figures say against a stretch of text, wherever it was recognised."""

NO_SPEECH = 0.9  # probability that nobody speaks
LOOPING = 2.4  # compression ratio
UNLIKELY = -1.0  # mean log-probability


def invented(no_speech: float | None) -> bool:
    """Whether nobody said it: text over silence, noise or music."""
    return no_speech is not None and no_speech > NO_SPEECH


def loops(compression: float | None) -> bool:
    """Whether it says the same again and again."""
    return compression is not None and compression > LOOPING


def doubtful(compression: float | None, log_prob: float | None) -> bool:
    """Whether it is likely wrong: kept in the transcript, kept out of drafts."""
    return loops(compression) or (log_prob is not None and log_prob < UNLIKELY)
