"""What servers' words mean, in whichever of their shapes they come."""

import re

import pytest

from draftmill.model_servers.failures import (
    BROKEN_DOWN,
    BUSY,
    KEY_REFUSED,
    NO_CREDIT,
    NOT_FOUND,
    REFUSED,
    TOO_LARGE,
    WILL_NOT,
    Failure,
    failure_of,
)
from draftmill.model_servers.said import quotation, said_in

TOO_LONG = (
    (400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."),
    (400, "Your input exceeds the context window of this model. Please adjust your input and try again."),
    (400, "You passed 9000 input tokens and requested 100 output tokens. However, the model's context length is only 4096 tokens"),
    (400, "The prompt (total length 9000) is too long to fit into the model (context length 4096)."),
    (400, "request (4031 tokens) exceeds the available context size (2048 tokens), try increasing it"),
    (500, "Context size has been exceeded."),
    (500, "input is too large to process. increase the physical batch size"),
    (500, "failed to find free space in the KV cache for the prompt"),
    (422, "Input validation error: `inputs` must have less than 4096 tokens. Given: 9000"),
    (400, "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length"),
    (413, "Request exceeds the maximum size"),
    (400, "Please reduce the length of the messages or completion."),
    (429, "Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 12000. The input or output tokens must be reduced."),
    (400, "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"),
    (400, "The number of tokens to keep from the initial prompt is greater than the context length."),
    (400, "Reached context length of 4096 tokens, but this model does not support context overflow"),
    (400, "Input length (9000 tokens) exceeds the maximum allowed length (4090 tokens). Use a shorter input."),
    (400, "Prompt length 9000 is greater than max_seq_len 4096"),
    (400, "Request length 9000 is greater than max_seq_len 4096"),
    (400, "The prompt is too long: 140000, model maximum context length: 131071"),
    (400, "This model's maximum prompt length is 131072 but the request contains 537812 tokens."),
    (400, "too many tokens: total number of tokens in the prompt exceeds the limit of 4081"),
    (400, "Input is too long for requested model."),
    (400, "Input Tokens Exceeded: Number of input tokens exceeds maximum length."),
    (400, "Prompt exceeds max length"),
    (400, "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 98304]"),
    (400, "Your request exceeded model token limit: 8192"),
    (400, "invalid params, context window exceeds limit (2013)"),
    (400, "prompt token count of 12000 exceeds the limit of 8192"),
    (400, "Request prompt has 9000 tokens in total, larger than the model input length limit 4096."),
    (500, "prompt length (9000) exceeds maximum input length (4096)"),
    (400, "The prompt size exceeds the context window size and cannot be processed."),
    (500, "Requested tokens (9000) exceed context window of 4096"),
    (500, "Number of tokens (9013) exceeded maximum context length (4096)."),
    (400, "Invalid 'messages[1].content': string too long. Expected a string with maximum length 1048576."),
    (400, "The token count exceeds the model's limit of 32000 input tokens"),
)  # fmt: skip
OTHERWISE: tuple[tuple[int, str, Failure], ...] = (
    (429, "Rate limit reached for m on tokens per min (TPM): Limit 6000, Used 5800, Requested 900.", BUSY),
    (429, "You exceeded your current quota, please check your plan and billing details.", BUSY),
    (429, "Too many tokens per minute", BUSY),
    (400, "Too many concurrent requests", BUSY),
    (503, "The model is overloaded. Please try again later.", BUSY),
    (529, "Overloaded", BUSY),
    (400, "Your credit balance is too low to access the API.", NO_CREDIT),
    (402, "Insufficient Balance", NO_CREDIT),
    (429, "insufficient_quota: you ran out of credits", NO_CREDIT),
    (400, "API key not valid. Please pass a valid API key.", KEY_REFUSED),
    (401, "The token is too long", KEY_REFUSED),
    (403, "Country, region, or territory not supported", KEY_REFUSED),
    (403, "Your chosen model requires moderation and your input was flagged for \"harassment\".", WILL_NOT),
    (400, "Output data may contain inappropriate content. data_inspection_failed", WILL_NOT),
    (400, "Model Not Exist", NOT_FOUND),
    (400, "Unknown model: m", NOT_FOUND),
    (500, "could not load model: model m not found", NOT_FOUND),
    (400, "temperature must be <= 2", REFUSED),
    (400, "'max_completion_tokens' is not supported", REFUSED),
    (400, "Only user and assistant roles are supported!", REFUSED),
    (400, "Conversation roles must alternate user/assistant/user/assistant/...", REFUSED),
    (400, "Bad request", REFUSED),
    (500, "Internal server error", BROKEN_DOWN),
    (502, "<html><body><h1>502 Bad Gateway</h1></body></html>", BROKEN_DOWN),
    (500, "CUDA out of memory", BROKEN_DOWN),
    (0, "Provider disconnected", BROKEN_DOWN),
)  # fmt: skip


def shapes(text: str) -> list[object]:
    return [
        {"error": {"message": text}},
        {"error": text},
        {"object": "error", "message": text, "code": 0},
        {"detail": text},
        {"detail": [{"loc": ["body"], "msg": text, "input": "context length"}]},
        {"detail": {"msg": text}},
        [{"error": {"message": text}}],
        {"error": {"message": "Provider returned error", "metadata": {"raw": text}}},
        {
            "error": {
                "message": "Upstream",
                "metadata": {"raw": f'{{"error":{{"message":"{text}"}}}}'},
            }
        },
        text,
    ]


@pytest.mark.parametrize(
    ("status", "text", "failure"), [*((s, t, TOO_LARGE) for s, t in TOO_LONG), *OTHERWISE]
)
def test_words_mean_the_same_in_every_shape(status: int, text: str, failure: Failure) -> None:
    for body in shapes(text.replace('"', "'")):
        assert failure_of(said_in(body, status), writes=True) is failure, body


def test_a_status_that_only_the_json_tells_of_counts() -> None:
    body = {"error": {"message": "Provider returned error", "code": 429}}
    assert failure_of(said_in(body, 200), writes=True) is BUSY
    assert failure_of(said_in(body, 500), writes=True) is BROKEN_DOWN


PROMPT = "Frau Weiß said: „Der Frühling kommt\nam Montag.“ 春天星期一来了我们很高兴"


@pytest.mark.parametrize(
    "said",
    ["Der FRÜHLING kommt am Montag", r"Der Fr\u00fchling kommt am Montag", "春天星期一来了我们"],
)
def test_what_stands_in_the_prompt_is_not_quoted(said: str) -> None:
    assert re.fullmatch(r": “Invalid: ?…\.?”", quotation(f"Invalid: {said}.", (), PROMPT))
    assert quotation(f"Invalid: {said}.", (), "Another question") != ": “Invalid: ….”"
