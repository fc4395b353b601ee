"""Greetings, lent voices and openings that lean, in languages that nothing here can parse."""

import pytest

from draftmill.language.courtesies import LEANING, asides_in
from draftmill.language.passages import Reading
from draftmill.pipeline.chapters import chapters
from draftmill.transcripts.segments import Segment

SAID = {
    "de": (
        "Guten Abend und herzlich willkommen in unserem kleinen Museum.",
        "Der Nachbar sagte, ich kaufe mein Brot lieber im Laden.",
        "Das ist der Grund, warum wir im Sommer weniger gießen.",
        "Das Wasser reicht im Sommer nur für drei Wochen.",
    ),
    "es": (
        "Muchas gracias por venir esta noche a nuestro museo.",
        "El vecino dijo, no compro pan de ese horno viejo.",
        "Eso explica por qué regamos menos en verano.",
        "El agua de la ciudad alcanza para tres semanas.",
    ),
    "fr": (
        "Bonjour à tous et bienvenue dans notre petit musée.",
        "Le voisin a dit, je préfère acheter mon pain ailleurs.",
        "C'est la raison pour laquelle nous arrosons moins en été.",
        "Les arbres de la ville boivent quatre cents litres par jour.",
    ),
    "it": (
        "Buonasera e benvenuti nel nostro piccolo museo.",
        "Il vicino disse, io compro il pane in un altro negozio.",
        "Questo spiega perché annaffiamo meno in estate.",
        "Gli alberi della città bevono quattrocento litri al giorno.",
    ),
    "pt": (
        "Muito obrigado por virem hoje ao nosso museu.",
        "O vizinho disse, eu compro o pão noutra padaria.",
        "Isso explica por que regamos menos no verão.",
        "As árvores da cidade bebem quatrocentos litros por dia.",
    ),
    "nl": (
        "Goedenavond en welkom in ons kleine museum.",
        "De buurman zei, ik koop mijn brood liever in de winkel.",
        "Daarom geven we in de zomer minder water.",
        "De bomen in de stad drinken vierhonderd liter per dag.",
    ),
}


def said(*texts: str) -> list[Segment]:
    return [Segment(4.0 * n, 4.0 * n + 3.8, text, n=n) for n, text in enumerate(texts)]


@pytest.mark.parametrize("language", SAID)
def test_what_is_no_thought_of_its_speaker_is_no_passage(language: str) -> None:
    assert asides_in(said(*SAID[language]), language) == ["introduction", "lent", LEANING, ""]
    read = Reading(said(*SAID[language]), english=False, language=language).sentences
    assert [sentence.alone for sentence in read] == [False, False, False, True]
    assert [sentence.whole for sentence in read] == [False, False, True, True]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "No hay agua en la ciudad desde hace tres semanas."),
        ("es", "Gracias a la lluvia de mayo el río llega a la ciudad."),
        ("it", "Grazie alla pioggia di maggio il fiume arriva in città."),
        ("pt", "Não há água na cidade desde a semana passada."),
        ("pt", "O rio foi obrigado a mudar o seu caminho."),
    ],
)
def test_what_only_sounds_like_a_courtesy_is_a_thought(language: str, text: str) -> None:
    assert asides_in(said(text), language) == [""]


def test_a_language_that_nobody_knows_here_is_read_as_before() -> None:
    read = Reading(said(*SAID["de"]), english=False, language="sv").sentences
    assert all(sentence.alone for sentence in read)


def test_a_chapter_that_begins_with_a_greeting_is_called_after_what_follows() -> None:
    greeting, _, leaning, own = SAID["de"]
    topic = "Heute geht es um die Geschichte der Photosynthese."
    (first,) = chapters(said(greeting, topic, own), 12.0, "de")
    assert first.title == "Die Geschichte der Photosynthese"
    (first,) = chapters(said(greeting, leaning, own), 12.0, "de")
    assert first.title.startswith("Das Wasser reicht")
