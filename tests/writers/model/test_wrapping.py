"""The answer itself, whatever a model puts around it."""

import pytest

from draftmill.writers.model import article_reply, posts_reply
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.thinking import answer_in
from tests.support.model_writer import BLOG, LINKEDIN, MATERIAL

CODE = "```python\nprint(1)\n```"
POST = f"# Bread on Monday\n\nThe oven is hot.\n\n{CODE}\n\nThat was all."
BODY = POST.partition("\n\n")[2]
PLAIN = "# Bread on Monday\n\nThe oven is hot."


def article(reply: str) -> tuple[str, str]:
    found = article_reply.read(answer_in(reply), BLOG, Marks.of(MATERIAL, ""))
    return found.title, found.body


def post(reply: str) -> str:
    return "\n".join(posts_reply.read(answer_in(reply), LINKEDIN, Marks.of(MATERIAL, "")))


WRAPPED = {
    "a fence": f"```markdown\n{POST}\n```",
    "a fence without a language": f"```\n{POST}\n```",
    "a fence without an end": f"```markdown\n{PLAIN}\n\n{CODE}\n\nThat was all.",
    "a longer fence": f"````md\n{POST}\n````",
    "a fence of tildes": f"~~~markdown\n{POST}\n~~~",
    "talk around a fence": f"Sure! Here is your post:\n\n```markdown\n{POST}\n```\n\nHope this helps!",
    "other talk around a fence": f"I wrote this.\n```md\n{POST}\n```\nWould you like me to change it?\nTell me.",
    "talk around a bare fence": f"Here's the blog post:\n\n```\n{POST}\n```\nLet me know.",
    "talk alone": f"Certainly! Here is the post:\n\n{POST}\n\n---\n\nLet me know if you'd like any changes!",
    "a frame of tags": f"<answer>\n{POST}\n</answer>",
    "signs of turns": f"<|im_start|>assistant\n{POST}<|im_end|>\n<|im_start|>user\nThanks!",
    "signs of Llama 3": f"<|start_header_id|>assistant<|end_header_id|>\n\n{POST}<|eot_id|>",
    "signs of Gemma": f"<start_of_turn>model\n{POST}<end_of_turn>",
    "signs of DeepSeek": f"{POST}<\uff5cend\u2581of\u2581sentence\uff5c>",
    "the end of a sequence": f"<s> {POST}</s>",
    "a thought without a beginning": f"I plan.\n</think>\n{POST}",
    "several thoughts": f"<think>One.</think>\n<think>Two.</think>{POST}",
    "a thought in capitals": f"<THINK>One. ```markdown\n# No\n</THINK >\n{POST}",
    "another name of thought": f"<reasoning>One.</reasoning>\n{POST}",
    "thought of Magistral": f"[THINK]One.[/THINK]{POST}",
    "thought of Kimi": f"\u25c1think\u25b7One.\u25c1/think\u25b7{POST}",
    "thought of Seed": f"<seed:think>One.</seed:think>{POST}",
    "thought of Command A": f"<|START_THINKING|>One.<|END_THINKING|><|START_RESPONSE|>{POST}<|END_RESPONSE|>",
    "thought behind": f"{POST}\n<think>Was that good?",
    "channels": f"<|channel|>analysis<|message|>One.<|end|><|start|>assistant<|channel|>final <|constrain|>md<|message|>{POST}",
    "channels without marks": f"analysisThey want a post.assistantfinal{POST}",
}  # fmt: skip


@pytest.mark.parametrize("reply", WRAPPED.values(), ids=WRAPPED)
def test_what_is_around_a_post_is_no_part_of_it(reply: str) -> None:
    assert article(reply) == ("Bread on Monday", BODY)


OTHERWISE = {
    "quotation marks": f'"{PLAIN}"',
    "curly quotation marks": f"\u201c{PLAIN}\u201d",
    "a string of JSON": '"# Bread on Monday\\n\\nThe oven is hot."',
    "HTML": "<!DOCTYPE html><html><head><title>x</title></head><body><h1>Bread on Monday</h1><p>The oven is hot.</p></body></html>",
    "HTML in a fence": "Here you go:\n```html\n<h1>Bread on Monday</h1>\n<p>The oven is hot.</p>\n```",
    "JSON": '{"title": "Bread on Monday", "content": "The oven is hot."}',
    "JSON in JSON": '```json\n{"blog_post": {"title": "Bread on Monday", "body_markdown": "The oven is\n hot."}}\n```',
}


@pytest.mark.parametrize("reply", OTHERWISE.values(), ids=OTHERWISE)
def test_a_post_in_another_form_is_read(reply: str) -> None:
    title, body = article(reply)
    assert (title, " ".join(body.split())) == ("Bread on Monday", "The oven is hot.")


def test_html_becomes_markdown() -> None:
    reply = "<h1>T</h1><h2>One</h2><p>A <strong>b</strong> &amp; <em>c</em><br>d</p><ul><li>e</li><li>f</li></ul>"
    assert article(reply)[1] == "## One\n\nA **b** & *c*\nd\n\n- e\n\n- f"


KEPT = {
    "code in a post": f"We tried this:\n{CODE}\nIt worked.",
    "code first": f"{CODE}\n\nThat is how it began.",
    "code last": f"That is how it ended:\n\n{CODE}",
    "marks that are spoken of": "A model ends its thought with `</think>` and a turn with `<|im_end|>`.",
    "marks in code": "It looks so:\n\n```\n<|im_start|>user\nHello<|im_end|>\n```\n\nNow you know.",
    "quoted beginning and end": '"Bread," she said. "On Monday."',
    "an invitation": "We bake on Monday.\n\nLet me know if you want bread in the comments.",
    "a tag in the midst": "Write <think> in the prompt, and it thinks.",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_belongs_to_a_post_stays(text: str) -> None:
    assert answer_in(text) == text
    if "<" not in text:  # for a post is plain text, and an article has a title
        assert post(text) == text
    assert article(f"# T\n\n{text}")[1] == text.replace("<think>", "")


def test_a_thread_in_json_of_any_shape_is_posts() -> None:
    for reply in (
        '{"tweets": [{"n": 1, "text": "One post."}, {"n": 2, "text": "Another post."}]}',
        '{"1": "One post.", "2": "Another post."}',
        '[{"tweet": "One post."}, "Another post."]',
    ):
        assert posts_reply.apart(reply) == ["One post.", "Another post."]


@pytest.mark.parametrize(
    "reply", ["<think>Hm", "Hm</think>", "[THINK]Hm", "<|channel|>analysis<|message|>Hm<|end|>"]
)
def test_nothing_but_thinking_is_nothing(reply: str) -> None:
    assert answer_in(reply) == ""


@pytest.mark.parametrize(
    "reply",
    [
        "```md",
        "```md\n```py\n```py",
        "```\n```",
        "~~~\n```",
        "```a\n```\n" * 9,
        '""',
        '"',
        "<p>",
        "{",
        "[]",
        "{}",
        '{"a": {"b": {}}}',
    ],
)
def test_wrapping_around_nothing_is_no_accident(reply: str) -> None:
    article(reply)
    post(reply)
