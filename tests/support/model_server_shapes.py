"""The shapes in which model servers answer: a row is named after the server whose shape it is.

Written down from the servers' documentation, source and reports of their users; see docs/models.md
for those that were really asked. The same assertions run over every row
(tests/writers/model/test_server_shapes.py).
"""

from tests.support.model_server import chunk
from tests.support.shaped_answers import (
    THOUGHT,
    Shape,
    at_once,
    fault,
    has,
    has_system,
    in_fields,
    in_lines,
    in_parts,
    plainly,
    said,
    thinking,
    usage,
    with_comments,
    with_message,
    with_nulls,
)

SHAPES: dict[str, Shape] = {
    "OpenAI, 2025-10": Shape(
        after=(usage(),),
        too_long=(400, fault("This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.", code="context_length_exceeded", param="messages")),
    ),
    "OpenAI o1-mini, 2024-12": Shape(
        refuses=(has_system, fault("Unsupported value: 'messages[0].role' does not support 'system' with this model.", param="messages[0].role", code="unsupported_value"), 400),
        too_long=(400, fault("Your input exceeds the context window of this model. Please adjust your input and try again.")),
    ),
    "Azure OpenAI 2024-10-21": Shape(
        opening=lambda pieces: [{**chunk(), "choices": [], "prompt_filter_results": []}, *plainly(pieces)],
        filtered=(400, fault("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", code="content_filter", innererror={"code": "ResponsibleAIPolicyViolation"})),
        too_long=(400, fault("This model's maximum context length is 4096 tokens.", code="context_length_exceeded")),
        bad_key=(401, fault("Access denied due to invalid subscription key or wrong API endpoint.", code="401")),
        no_model=(404, fault("The API deployment for this resource does not exist.", code="DeploymentNotFound")),
    ),
    "llama.cpp b6900": Shape(
        opening=in_fields("reasoning_content"),
        after=({**usage(), "timings": {"prompt_n": 12}},),
        too_long=(400, fault("the request exceeds the available context size, try increasing it", code=400, type="exceed_context_size_error", n_prompt_tokens=9000, n_ctx=4096)),
        busy=(503, fault("Loading model", code=503, type="unavailable_error")),
        bad_key=(401, fault("Invalid API Key", code=401, type="authentication_error")),
    ),
    "vLLM 0.6": Shape(
        opening=thinking("", "\n</think>\n\n"),
        refuses=(has_system, {"object": "error", "message": "System role not supported", "type": "BadRequestError", "param": None, "code": 400}, 400),
        too_long=(400, {"object": "error", "message": "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens in the messages.", "type": "BadRequestError", "code": 400}),
        bad_key=(401, {"error": "Unauthorized"}),
        no_model=(404, {"object": "error", "message": "The model `m` does not exist.", "type": "NotFoundError", "code": 404}),
    ),
    "vLLM 0.11": Shape(
        opening=in_fields("reasoning", "reasoning_content"),
        too_long=(400, fault("The decoder prompt (length 9000) is longer than the maximum model length of 4096. Make sure that `max_model_len` is no smaller than the number of text tokens.", type="BadRequestError", code=400)),
    ),
    "SGLang 0.5": Shape(
        opening=with_nulls,
        stop="stop",
        too_long=(400, {"object": "error", "message": "The input (9000 tokens) is longer than the model's context length (4096 tokens).", "type": "BadRequestError", "code": 400}),
    ),
    "TGI 3.3": Shape(
        stop="eos_token",
        refuses=(has_system, {"error": "Template error: invalid operation: System role not supported (in <string>:1)", "error_type": "template_error"}, 422),
        too_long=(422, {"error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9000 `inputs` tokens and 100 `max_new_tokens`", "error_type": "validation"}),
        busy=(429, {"error": "Model is overloaded", "error_type": "overloaded"}),
        bad_key=(401, {"error": "Invalid credentials in Authorization header"}),
    ),
    "Ollama 0.12": Shape(
        opening=in_fields("reasoning"),
        after=(usage(),),
        too_long=(400, fault("the input length exceeds the context length", type="api_error")),
        busy=(503, fault("server busy, please try again. maximum pending requests exceeded", type="api_error")),
        no_model=(404, fault('model "m" not found, try pulling it first', type="api_error")),
    ),
    "Ollama 0.5, DeepSeek-R1": Shape(
        opening=thinking("<think>\n", "\n</think>\n\n"),
        too_long=(500, fault("input length exceeds maximum context length", type="api_error")),
        no_model=(404, fault("model 'm' not found", type="not_found_error")),
    ),
    "LM Studio 0.3": Shape(
        opening=thinking("[THINK]", "[/THINK]"),
        refuses=(has("stream_options"), {"error": "Unrecognized key(s) in object: 'stream_options'"}, 400),
        too_long=(400, {"error": "Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}),
        no_model=(400, fault("No models loaded. Please load a model in the developer page or use the `lms load` command.", code="model_not_found", param="model")),
    ),
    "Gemini, OpenAI compatible, v1beta": Shape(
        opening=thinking("<thought>", "</thought>"),
        stop="STOP",
        length="MAX_TOKENS",
        filtered="SAFETY",
        too_long=(400, [fault("The input token count (9000) exceeds the maximum number of tokens allowed (4096).", code=400, status="INVALID_ARGUMENT")]),
        busy=(429, [fault("Resource has been exhausted (e.g. check quota).", code=429, status="RESOURCE_EXHAUSTED")]),
        bad_key=(400, [fault("API key not valid. Please pass a valid API key.", code=400, status="INVALID_ARGUMENT")]),
        no_model=(404, [fault("models/m is not found for API version v1main", code=404, status="NOT_FOUND")]),
    ),
    "Gemma on Gemini, v1beta": Shape(
        refuses=(has_system, [fault("Developer instruction is not enabled for models/gemma-3-27b-it", code=400, status="INVALID_ARGUMENT")], 400),
        opening=lambda pieces: [*plainly(pieces), said("<end_of_turn>\n")],
        too_long=(400, [fault("Input token count exceeds the limit of 8192 tokens.", code=400)]),
    ),
    "Anthropic, OpenAI compatible": Shape(
        filtered="refusal",
        too_long=(400, {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 208310 tokens > 200000 maximum"}}),
        busy=(529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
        bad_key=(401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}),
        no_model=(404, {"type": "error", "error": {"type": "not_found_error", "message": "model: m"}}),
    ),
    "Mistral, magistral 2025-09": Shape(
        opening=in_parts,
        length="model_length",
        too_long=(400, {"object": "error", "message": "Prompt contains 9000 tokens and 0 draft tokens, too large for model with 4096 maximum context length", "type": "invalid_request_prompt", "code": "3051"}),
        bad_key=(401, {"detail": "Unauthorized"}),
        no_model=(400, {"object": "error", "message": "Invalid model: m", "type": "invalid_model", "code": "1500"}),
    ),
    "Groq, 2025-10": Shape(
        opening=in_fields("reasoning"),
        after=({**chunk(), "choices": [], "x_groq": {"id": "r", "usage": {}}},),
        too_long=(413, fault("Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.", type="tokens", code="rate_limit_exceeded")),
        busy=(429, fault("Rate limit reached for model `m` on tokens per minute (TPM): Limit 6000, Used 5800, Requested 900. Please try again in 7.66s.", type="tokens", code="rate_limit_exceeded")),
    ),
    "OpenRouter, 2025-10": Shape(
        opening=with_comments,
        after=(usage(),),
        too_long=(400, fault("This endpoint's maximum context length is 4096 tokens. However, you requested about 9000 tokens. Please reduce the length of either one, or use the \"middle-out\" transform.", code=400)),
        busy=(200, fault("Provider returned error", code=429, metadata={"raw": "m is temporarily rate-limited upstream. Please retry shortly."})),
        bad_key=(401, fault("No auth credentials found", code=401)),
        no_model=(400, fault("m is not a valid model ID", code=400)),
    ),
    "DeepSeek, 2025-10": Shape(
        opening=lambda pieces: [": keep-alive\n\n", *in_fields("reasoning_content")(pieces)],
        too_long=(400, fault("This model's maximum context length is 65536 tokens. However, you requested 90000 tokens (90000 in the messages, 0 in the completion).", type="invalid_request_error")),
        busy=(503, fault("Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.")),
        bad_key=(401, fault("Authentication Fails, Your api key: ****KEY is invalid", type="authentication_error")),
        no_model=(400, fault("Model Not Exist", type="invalid_request_error", code="invalid_request_error")),
    ),
    "gpt-oss without a parser": Shape(
        opening=lambda pieces: [said(f"<|channel|>analysis<|message|>{THOUGHT}<|end|>"), said("<|start|>assistant<|channel|>final<|message|>"), *map(said, pieces), said("<|return|>")],
        too_long=(400, fault("Requested token count exceeds the model's maximum context length of 4096 tokens.")),
    ),
    "Kimi-VL without a parser": Shape(
        opening=thinking("◁think▷", "◁/think▷"),
        too_long=(400, fault("Invalid request: Your request exceeded model token limit: 4096", type="invalid_request_error")),
    ),
    "KoboldCpp 1.100": Shape(
        opening=at_once,
        stop=None,
        refuses=(has("stream_options"), {"detail": [{"loc": ["body", "stream_options"], "msg": "extra fields not permitted", "type": "value_error.extra", "input": "x"}]}, 422),
        too_long=(500, {"detail": {"msg": "The prompt is too long: 9000 tokens do not fit into 4096.", "type": "bad_input"}}),
        busy=(503, {"detail": {"msg": "Server is busy; please try again later.", "type": "service_unavailable"}}),
    ),
    "TabbyAPI 0.0.1": Shape(
        opening=lambda pieces: [*plainly(pieces), said("<|im_end|>")],
        line_end="\r\n",
        too_long=(400, {"detail": "Prompt length 9000 is greater than max_seq_len 4096"}),
        bad_key=(401, {"detail": "Invalid API key"}),
        no_model=(400, {"detail": "No models are currently loaded."}),
    ),
    "LocalAI 3": Shape(
        opening=in_lines,
        too_long=(500, fault("rpc error: code = Internal desc = the request exceeds the available context size. try increasing the context size or enable context shift", code=500)),
        no_model=(500, fault("could not load model: model m not found", code=500)),
    ),
    "llama-cpp-python 0.3": Shape(
        line_end="\r",
        too_long=(400, fault("This model's maximum context length is 4096 tokens, however you requested 9000 tokens", type="invalid_request_error", code="context_length_exceeded")),
    ),
    "llamafile 0.9": Shape(
        opening=with_message,
        done=False,
        kind="text/plain",
        too_long=(500, fault("prompt is too large: context window is full", code=500)),
    ),
    "a server that ignores stream": Shape(
        streams=False,
        too_long=(400, fault("Range of input length should be [1, 4096]", code="invalid_parameter_error")),
    ),
    "a server that has no stream, by 501": Shape(
        streams=False,
        refuses=(has("stream"), {"detail": "Streaming is not implemented"}, 501),
        too_long=(400, fault("Please reduce the length of the messages or completion. Current length is 9000 while limit is 4096")),
    ),
    "a server that has no stream, by 400": Shape(
        streams=False,
        refuses=(has("stream"), fault("`stream` must be false for this model", param="stream"), 400),
        too_long=(400, fault("too many tokens: total number of tokens in the prompt exceeds the limit of 4096")),
    ),
}  # fmt: skip
