"""What is read from the head of a model's file, and which files are no models."""

from pathlib import Path

import pytest

from draftmill.models import kept
from draftmill.models.catalogue import ModelUnknown
from draftmill.models.gguf import ModelFileDamaged
from draftmill.models.kept import ModelGone
from draftmill.settings import Settings
from tests.support.llama_server import model_file

HEAD = Path(model_file()).read_bytes()[:3_000_000]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "models").mkdir()
    return Settings(data=tmp_path)


def test_a_file_says_its_name_its_context_and_what_it_takes(settings: Settings) -> None:
    (settings.models / "m.gguf").write_bytes(HEAD)
    (model,) = kept.language_models(settings)
    assert (model.name, model.head.context, model.head.chats) == ("m", 8192, True)
    assert model.head.cache == 30 * 3 * 64 * 2 * 2  # layers, heads, numbers of each, for two, bytes
    assert model.contexts() == [8192, 4096]
    assert model.memory(8192) > model.least_memory > model.bytes


@pytest.mark.parametrize(
    "content",
    [b"", b"GGUF", b"<html>" * 100, HEAD[:500_000], b"GGUF\x03\0\0\0" + b"\xff" * 100],
    ids=["empty", "begun", "a page", "cut", "nonsense"],
)
def test_what_is_no_model_is_not_offered_and_is_named_when_asked_for(
    settings: Settings, content: bytes
) -> None:
    (settings.models / "m.gguf").write_bytes(content)
    assert kept.language_models(settings) == []
    with pytest.raises(ModelFileDamaged):
        kept.language_model(settings, "m.gguf")


@pytest.mark.parametrize("name", ["gone.gguf", "../m.gguf", "/etc/passwd", "m.txt", ""])
def test_nothing_outside_the_folder_is_a_model(settings: Settings, name: str) -> None:
    (settings.data / "m.gguf").write_bytes(HEAD)
    with pytest.raises(ModelGone):
        kept.language_model(settings, name)
    with pytest.raises(ModelUnknown):
        kept.delete(settings, name)
