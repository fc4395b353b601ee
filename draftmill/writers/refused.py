"""What a model wrote and nobody shall read: an outline takes its place."""

from draftmill.drafts.written import Written
from draftmill.errors import Problem


class Refused(Problem):
    """An answer that came, and is no draft. The message says what is wrong with it.

    `written` is the draft that it would have been, where it has the form of one.
    """

    code = "model_answer_refused"
    default_message = "The model's answer cannot be used."
    default_hint = "Choose another model in the settings, and generate again."
    written: Written | None = None
