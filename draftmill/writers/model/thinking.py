"""An answer without what models say around it: their thinking, and the marks of their chat format."""

import re

from draftmill.writers.model.code import CODE

# Between backticks a mark is spoken of, not used.
NAME = r"(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think)"
END_OF_THOUGHT = re.compile(
    rf"(?<!`)(?:<\s{{0,3}}/\s{{0,3}}{NAME}\s{{0,3}}>|\[/(?:THINK|THINKING|REASONING)\]|\u25c1/think\u25b7|<\|/think\|>"
    r"|<\|end_(?:of_)?(?:thought|thinking|reasoning)\|>|<[|\uff5c]end\u2581of\u2581thinking[|\uff5c]>"
    r"|<channel\|>|<\|?unused95\|?>)(?!`)",
    re.IGNORECASE,
)
START_OF_THOUGHT = re.compile(
    rf"^[ \t]*(?:<{NAME}\s{{0,3}}>|\[(?:THINK|THINKING|REASONING)\]|\u25c1think\u25b7|<\|think\|>"
    r"|<\|(?:begin|start)_(?:of_)?(?:thought|thinking|reasoning)\|>|<[|\uff5c]begin\u2581of\u2581thinking[|\uff5c]>"
    r"|<\|channel>thought|<\|?unused94\|?>)(?!`)",
    re.IGNORECASE | re.MULTILINE,
)
# gpt-oss speaks in channels; where a server takes their marks away, the names run together.
FINAL_CHANNEL = re.compile(
    r"<\|channel\|>\s{0,3}final(?:(?!<\|message\|>).){0,80}<\|message\|>", re.DOTALL
)
CHANNEL = re.compile(r"<\|channel\|>\s{0,3}(?:analysis|commentary)\b")

SIGN = (
    r"(?:<[|\uff5c][A-Za-z0-9_:/\u2581]{1,40}[|\uff5c]>|<(?:start|end)_of_turn>|<turn\|>|<\|turn>"
    r"|</?(?:eos|bos)>|\[/?INST\])"
)
FIRST_SIGNS = re.compile(
    rf"\A(?:\s*(?:{SIGN}|<s>)(?:[ \t]*(?:assistant|model|bot)(?=\s*[\n<]))?)+", re.IGNORECASE
)
LAST_SIGNS = re.compile(rf"(?<!`)(?:(?:{SIGN}|</s>)\s*+){{1,8}}+\Z", re.IGNORECASE)
TURN = re.compile(SIGN, re.IGNORECASE)
AROUND = re.compile(
    r"\A<(answer|final_answer|final|response|output|result|draft)>(.*)</\1>\Z",
    re.DOTALL | re.IGNORECASE,
)


def answer_in(said: str) -> str:
    """What of a model's words is its answer; empty when there was nothing but thinking.

    With a mark that ends a thought, everything up to the last one is thinking, whether a mark
    began it or not. A thought without an end reaches to the end.
    """
    text = _final_channel(said)
    ends = [end.end() for end in END_OF_THOUGHT.finditer(text)]
    text = text[ends[-1] :] if ends else text
    if start := START_OF_THOUGHT.search(text):
        text = text[: start.start()]
    text = _without_signs(text).strip()
    around = AROUND.match(text)
    return around[2].strip() if around else text


def _final_channel(text: str) -> str:
    finals = list(FINAL_CHANNEL.finditer(text))
    if finals:
        return text[finals[-1].end() :]
    if CHANNEL.search(text):
        return ""
    if text.lstrip().startswith("analysis") and "assistantfinal" in text:
        return text.rpartition("assistantfinal")[2]
    return text


def _without_signs(text: str) -> str:
    """Without the signs of turns: what comes behind one is another's turn. Code may speak of them."""
    text = FIRST_SIGNS.sub("", text)
    text = LAST_SIGNS.sub("", text)
    end = 0
    for code in [*CODE.finditer(text), None]:
        sign = TURN.search(text, end, code.start() if code else len(text))
        if sign:
            return text[: sign.start()]
        end = code.end() if code else len(text)
    return text
