"""The writer with a model: one question to a model server, or for long recordings several.

A recording that fits the model's context goes in whole; one that is a little too long loses
its least useful sentences; a longer one is read chapter by chapter into notes first. Every
answer is kept, so that no retry asks for it again. What comes back is held to the material.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from content_actions import ContentType
from draftmill.content_types import styles
from draftmill.drafts.note import doubts_of
from draftmill.drafts.written import Written
from draftmill.errors import Problem
from draftmill.evidence import records
from draftmill.evidence.drafts import Checked, corrected_draft
from draftmill.evidence.lines import check_line
from draftmill.evidence.whole import without_end
from draftmill.jobs.attempt import Attempt
from draftmill.language.words import shortened
from draftmill.transcripts.formats.language import is_another
from draftmill.writers.material import Material, recording_of
from draftmill.writers.model import (
    article_reply,
    cut_answers,
    entailment,
    fitting,
    posts_reply,
    prompts,
    questions,
    refusals,
)
from draftmill.writers.model.chat import Chat
from draftmill.writers.model.desk import Desk
from draftmill.writers.model.fitting import Style, tokens
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.prompts import Prompt
from draftmill.writers.model.reply import ModelReplyEmpty
from draftmill.writers.model.wrapping import unwrapped
from draftmill.writers.refused import Refused

EXAMPLES_SHARE = 8  # one part in so many of the context is for examples of style
CHECK_TOKENS = 64  # one word, and some thinking before it
BESIDE = ("quotation", "number", "name")  # what can be wrong with a line beside a text
WITHOUT_END = "The model's answer was cut off: check its end."
TRANSLATED = (
    "Written in another language than the recording: only you can tell whether it says the same."
)


class NothingSaid(Problem):
    code = "nothing_to_write_from"
    default_message = "The transcript holds nothing that a draft could be written from."
    default_hint = "Look at the transcript; transcribe the recording again if it is wrong."


def write(attempt: Attempt, material: Material, content: ContentType, instructions: str) -> Written:
    """Write a draft with the model of the settings.

    Raises NothingSaid, or another Problem that says why there is no draft.
    """
    with at_desk(attempt, material, content, instructions) as desk:
        prompt = questions.question(desk, questions.task)
        written = _article(desk, prompt) if content.shape == "article" else _posts(desk, prompt)
        return _told(desk, written)


@contextmanager
def at_desk(
    attempt: Attempt, material: Material, content: ContentType, instructions: str
) -> Iterator[Desk]:
    """The desk for one draft or a part of it. Raises NothingSaid."""
    if not material.trusted:
        raise NothingSaid
    fence = prompts.fence_of(material, attempt.settings.secret)
    with Chat(attempt, fence) as chat:
        recording = recording_of(material, instructions)
        examples = _examples(attempt, content)
        style = Style.of(material)
        yield Desk(chat, material, content, instructions, style, recording, examples)


def _told(desk: Desk, written: Written) -> Written:
    """A draft without its end says so there, and on its job, too.

    Raises Refused where too much would have to be looked at.
    """
    blocks = records.blocks_in(written.evidence)
    if desk.chat.settings.llm_checks:
        blocks = entailment.asked(desk.recording, blocks, partial(_is_said, desk))
    cut = bool(desk.chat.cut["write"])
    stored = records.stored(without_end(blocks) if cut else blocks)
    written = replace(written, evidence={**written.evidence, **stored})
    if _is_translated(desk, blocks):
        written = _for_readers_of_both(written)
    else:
        _check_claims(written, blocks)
    if cut:
        desk.chat.attempt.warn(WITHOUT_END)
    return written


def _is_translated(desk: Desk, blocks: Sequence[records.Block]) -> bool:
    """Whether a draft is in another language than the recording, as was chosen or as was wished."""
    if desk.material.translates_to:
        return True
    if not refusals.is_mostly_weak(blocks):
        return False
    said = (segment.text for segment in desk.material.trusted)
    texts = [claim.text for block in blocks for claim in block.claims]
    return is_another(texts, said, desk.material.language)


def _for_readers_of_both(written: Written) -> Written:
    """A translated draft: what stands beside it is not held to the words of the recording."""
    note = f"{TRANSLATED} {written.fields.get('note', '')}".strip()
    fields = {name: value for name, value in written.fields.items() if name != "doubts"}
    return replace(written, fields={**fields, "note": note})


def _check_claims(written: Written, blocks: Sequence[records.Block]) -> None:
    try:
        refusals.check_claims(blocks)
    except Refused as refused:
        refused.written = written
        raise


def _is_said(desk: Desk, question: Prompt) -> str:
    return desk.chat.ask(
        "check", question, "Checking", budget=CHECK_TOKENS, of_cut=str, go_on=False
    )


def _examples(attempt: Attempt, content: ContentType) -> tuple[str, ...]:
    """The person's own texts for this type, in a small part of what the model can read."""
    texts = styles.examples_of(attempt.db, attempt.job.user_id, content.type)
    room = attempt.settings.llm_context // EXAMPLES_SHARE
    return tuple(_beginning(text, room // len(texts)) for text in texts)


def _beginning(text: str, room: int) -> str:
    """As many of its first words as take so many tokens, line by line as data."""
    text = "\n".join(map(fitting.plain, text.splitlines()))
    size = tokens(text)
    return text if size <= room else text[: len(text) * room // size].rpartition(" ")[0]


def _draft(desk: Desk, prompt: Prompt, accept: Callable[[str], None]) -> str:
    """The model's draft, as it wrote it. Raises Refused for what is none."""

    def of_cut(text: str) -> str:
        refusals.check_repeats(text)
        return cut_answers.whole_by_its_form(text, desk.content)

    reply = questions.reply_tokens(desk)
    answer = desk.chat.ask("write", prompt, "Writing", accept, budget=reply, of_cut=of_cut)
    refusals.check(answer, f"{prompt.system}\n{prompt.user}", desk.chat.fence)
    if not (desk.instructions or desk.content.owned):  # they may ask for a line
        refusals.check_length(answer, desk.content, desk.material)
    return answer


def _article(desk: Desk, prompt: Prompt) -> Written:
    def accept(reply: str) -> None:
        if not article_reply.is_prose(article_reply.read(reply, desk.content, desk.marks).body):
            raise ModelReplyEmpty

    reply, marks = _draft(desk, prompt, accept), desk.marks
    article = article_reply.read(reply, desk.content, marks)
    checked = _checked(desk, prompt, article.body)
    body = desk.marks.proven(str(checked.body))
    title = article.title or desk.material.title or article_reply.first_sentence(body)
    fields: dict[str, object] = {}
    if article.subjects:
        fields["subjects"] = list(article.subjects)
    if article.preview:
        fields["preview"] = article.preview
    around = [title, article.preview, *article.subjects]
    return _written(desk, _titled(desk, title), body, fields, checked, marks, around)


def _checked(desk: Desk, prompt: Prompt, body: str | list[str]) -> Checked:
    return corrected_draft(desk.recording, body, desk.material.screenshots, [prompt.task])


def _titled(desk: Desk, title: str) -> str:
    """A title within its limit: the model is asked once for a shorter one, then it is cut."""
    limit = desk.content.title_limit or 120
    if len(title) <= limit:
        return title
    shorter = _shorter(desk, [title], limit, "a subject line or title")
    line = article_reply.one_line(shorter[0], desk.marks)
    return shortened(line or title, limit)


def _posts(desk: Desk, prompt: Prompt) -> Written:
    content = desk.content

    def accept(reply: str) -> None:
        if not posts_reply.read(reply, content, desk.marks):
            raise ModelReplyEmpty

    def shorten(long: list[str]) -> list[str]:
        what = f"a post for {content.label}"
        return [desk.marks.plain(text) for text in _shorter(desk, long, content.limit, what)]

    reply, marks = _draft(desk, prompt, accept), desk.marks
    found = posts_reply.read(reply, content, marks)
    posts = posts_reply.fitted(found, content, shorten)
    fields: dict[str, object] = {}
    if len(posts) > content.max_posts:
        fields["note"] = (
            f"The model wrote {max(len(found), len(posts))} posts;"
            f" the first {content.max_posts} are kept."
        )
    checked = _checked(desk, prompt, posts[: content.max_posts])
    body = json.dumps(checked.body, ensure_ascii=False)
    return _written(desk, desk.material.title, body, fields, checked, marks)


def _shorter(desk: Desk, texts: list[str], limit: int, what: str) -> list[str]:
    asked, budget = prompts.shorter(texts, limit, what), len(texts) * limit // 2
    reply = desk.chat.ask("shorten", asked, "Shortening", budget=budget, of_cut=str, go_on=False)
    refusals.check_fence(reply, desk.chat.fence)
    if len(texts) == 1:
        return [posts_reply.BETWEEN.sub("", unwrapped(reply)).strip()]
    return posts_reply.apart(unwrapped(reply).strip())


def _written(
    desk: Desk,
    title: str,
    body: str,
    fields: dict[str, object],
    checked: Checked,
    marks: Marks,
    around: Sequence[str] = (),
) -> Written:
    """What is handed in. `around` are the texts beside the body: its title, its preview."""
    found_beside = (check_line(desk.recording, line) for line in filter(None, around))
    doubtful = [flaw for flaws in found_beside for flaw in flaws if flaw.kind in BESIDE]
    if doubtful:
        fields["doubts"] = doubts_of(doubtful)
    found = records.stored(checked.blocks)
    if cited := marks.citations.evidence:
        found["cited"] = cited
    return Written(title, body, desk.chat.settings.llm_model, fields, found)
