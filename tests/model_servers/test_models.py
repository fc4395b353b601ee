"""What servers tell of their models, by the shapes of their documentation, over real HTTP."""

import pytest

from draftmill.model_servers.models import context_of, offered
from draftmill.model_servers.offered import Offered
from draftmill.model_servers.server import ServerProblem, writing
from draftmill.settings import Settings
from tests.support.listed_models import Paths, listed, listing, llama_cpp, lm_studio, ollama

SHAPES: dict[str, tuple[Paths, Offered]] = {
    "llama.cpp tells what a slot has": (llama_cpp(8192), Offered("model.gguf", 8192, 32768)),
    "an old one only the training": (llama_cpp(None), Offered("model.gguf", 32768, 32768)),
    "vLLM": ({"/v1/models": listed("m", max_model_len=16384)}, Offered("m", 16384)),
    "OpenRouter": ({"/v1/models": listed("m", context_length=200000)}, Offered("m", 200000)),
    "Groq": ({"/v1/models": listed("m", context_window=131072)}, Offered("m", 131072)),
    "Ollama, loaded": (ollama(loaded=16384), Offered("qwen2.5:7b", 16384, 131072)),
    "Ollama, by its Modelfile": (ollama(set_to=8192), Offered("qwen2.5:7b", 8192, 131072)),
    "Ollama, unloaded": (ollama(), Offered("qwen2.5:7b", 4096, 131072)),
    "Ollama, a small model": (ollama(most=2048), Offered("qwen2.5:7b", 2048, 2048)),
    "LM Studio, loaded": (lm_studio(loaded=20000), Offered("qwen3-8b", 20000, 32768)),
    "LM Studio, unloaded": (lm_studio(), Offered("qwen3-8b", 4096, 32768)),
    "one that tells nothing": ({"/v1/models": listed("m")}, Offered("m")),
    "nonsense for a number": ({"/v1/models": listed("m", max_model_len="8k")}, Offered("m")),
    "names alone": ({"/v1/models": {"models": ["m"]}}, Offered("m")),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_how_much_a_model_reads_is_found_where_its_server_tells(shape: str) -> None:
    paths, expected = SHAPES[shape]
    with listing(paths) as server:
        settings = Settings(llm_base_url=server.base_url, llm_model=expected.name)
        assert offered(writing(settings)) == [expected]
        assert context_of(writing(settings)) == expected.context


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"<html>hello", "model_address_wrong"),
        (b"{", "model_reply_broken"),
        ({"object": "list"}, "model_reply_broken"),
        (["x", {"id": ""}, {"id": 5}, {"id": "a\nb"}, None, {"id": "x" * 301}], ""),
        ({"data": {"id": "m"}}, "model_reply_broken"),
    ],
)
def test_what_is_no_list_of_models_is_refused_and_odd_names_are_left_out(
    answer: object, code: str
) -> None:
    with listing({"/v1/models": answer}) as server:
        asked = writing(Settings(llm_base_url=server.base_url, llm_model="m"))
        if code:
            with pytest.raises(ServerProblem) as failure:
                offered(asked)
            assert failure.value.code == code
        else:
            assert offered(asked) == [Offered("x")]


def test_a_server_without_a_prefix_is_asked_beside_its_own_address() -> None:
    paths = {"/models": listed("m"), **{p: v for p, v in llama_cpp(2048).items() if p == "/props"}}
    with listing(paths) as server:
        assert offered(writing(Settings(llm_base_url=server.url))) == [Offered("m", 2048)]
