"""Notes of a recording that is too long to be read at once: made once for all drafts of a project."""

from dataclasses import replace

from draftmill.evidence.notes import that_hold
from draftmill.models.running import turn
from draftmill.writers.model import cut_answers, fitting, prompts
from draftmill.writers.model.desk import WORDS_A_TOKEN, Desk, size
from draftmill.writers.model.fitting import Part, tokens

NOTES_TOKENS = 800
SHORT_PART = 150  # tokens: noting it would cost more than reading it
NOTHING_HELD = (
    "No note of a part was borne out by it: the model is given its first sentences instead"
)
WAITING = "Waiting for the notes of the draft before it"


def noted(desk: Desk, parts: list[Part], room: int) -> list[Part]:
    """The parts with notes in place of their sentences, each in proportion to its length.

    One draft of a project makes them; the others wait, and find them kept.
    """
    attempt = desk.chat.attempt

    def wait() -> None:
        attempt.progress(desk.chat.words, None, "words", WAITING)
        attempt.touch()

    with turn(attempt.settings, f"notes-{attempt.job.project_id[:1]}", wait):
        return _all_noted(desk, parts, room)


def _all_noted(desk: Desk, parts: list[Part], room: int) -> list[Part]:
    made: list[Part] = []
    for n, share in enumerate(fitting.shares(parts, desk.style, room)):
        message = f"Reading part {n + 1} of {len(parts)}"
        if tokens(parts[n].text(desk.style)) <= max(SHORT_PART, share):
            made.append(parts[n])
        else:
            made.append(_note(desk, parts[n], share, message))
    return made


def _note(desk: Desk, part: Part, share: int, message: str) -> Part:
    heading = replace(part, segments=())
    share = max(0, share - tokens(heading.text(desk.style)))
    context = desk.chat.settings.llm_context
    reply = min(NOTES_TOKENS, context // 4)
    frame = size(prompts.notes(desk.material, heading.text(desk.style), 100))
    pieces = fitting.pieces(part, desk.style, context - reply - frame)
    words = int(min(share // len(pieces), reply) * WORDS_A_TOKEN)
    lines: list[str] = []
    for piece in pieces:
        source = piece.text(desk.style)
        prompt = prompts.notes(desk.material, source, max(30, words))
        answer = desk.chat.ask(
            "notes", prompt, message, budget=reply, of_cut=cut_answers.whole_lines, go_on=False
        )
        plain = "\n".join(map(fitting.plain, answer.splitlines()))
        held = that_hold(desk.recording, piece.segments, plain)
        if not held:
            desk.chat.attempt.log(NOTHING_HELD, "warning")
            held = "\n".join(fitting.paragraphs(piece.segments, desk.style))
        lines.append(fitting.clipped(held, share // len(pieces)))
    return replace(part, notes="\n".join(lines))
