"""Where servers listen on this machine unless they are told otherwise. Some share a port."""

from draftmill.settings import Settings

OF_WRITING = (
    ("Ollama", 11434),
    ("LM Studio", 1234),
    ("llama.cpp or LocalAI", 8080),
    ("vLLM", 8000),
    ("Jan", 1337),
)
OF_LISTENING = (("LocalAI", 8080), ("Speaches or vLLM", 8000))


def usual_ports(settings: Settings, *, writes: bool) -> list[tuple[str, int]]:
    """The names and ports of servers that write, or of those that transcribe; never our own."""
    return [one for one in (OF_WRITING if writes else OF_LISTENING) if one[1] != settings.port]
