"""What a talk in another language than English says that it is about."""

import pytest

from draftmill.language.announcements import LANGUAGES, announced_in
from draftmill.transcripts.segments import Segment

SAID = [
    ("de", "Guten Morgen, heute geht es um die Geschichte der Photosynthese.", "Die Geschichte der Photosynthese"),
    ("de", "Heute geht es um die Frage, wie unsere Stadt im Sommer kühl bleiben kann.", "Wie unsere Stadt im Sommer kühl bleiben kann"),
    ("de", "In diesem Vortrag möchte ich über unsere neue Plattform sprechen.", "Unsere neue Plattform"),
    ("de", "Heute sprechen wir über den Klimawandel in den Alpen.", "Der Klimawandel in den Alpen"),
    ("de", "Das Thema heute ist die Zukunft der Arbeit, und ich freue mich.", "Die Zukunft der Arbeit"),
    ("de", "Heute zeige ich euch, wie man Brot ohne Hefe backt.", "Wie man Brot ohne Hefe backt"),
    ("de", "Hier geht es heute um die Geschichte der Stadt.", "Die Geschichte der Stadt"),
    ("fr", "Bonjour à tous, aujourd'hui je vais vous parler de la photosynthèse.", "La photosynthèse"),
    ("fr", "Aujourd’hui, nous allons parler du réchauffement climatique.", "Le réchauffement climatique"),
    ("fr", "Dans cette vidéo, je vais vous parler de l'intelligence artificielle à l'école.", "L'intelligence artificielle à l'école"),
    ("fr", "Aujourd'hui, je vais vous expliquer comment réparer une chambre à air.", "Comment réparer une chambre à air"),
    ("es", "Hola a todos, hoy vamos a hablar de la historia del tango.", "La historia del tango"),
    ("es", "En este vídeo quiero hablarles sobre los volcanes de Canarias.", "Los volcanes de Canarias"),
    ("es", "Hoy les voy a explicar cómo aprender un idioma en seis meses.", "Cómo aprender un idioma en seis meses"),
    ("es", "El tema de hoy es el cambio climático.", "El cambio climático"),
    ("es", "Esta mañana vamos a hablar de la historia del tango.", "La historia del tango"),
    ("it", "Buongiorno, oggi parleremo della rivoluzione industriale.", "La rivoluzione industriale"),
    ("it", "Oggi vorrei parlarvi degli alberi nelle nostre città.", "Gli alberi nelle nostre città"),
    ("it", "Oggi parliamo di come scegliere una bicicletta usata.", "Come scegliere una bicicletta usata"),
    ("pt", "Olá, hoje vamos falar sobre a história do samba.", "A história do samba"),
    ("pt", "No episódio de hoje vamos falar sobre a história do samba.", "A história do samba"),
    ("pt", "Hoje vou falar do aquecimento global.", "O aquecimento global"),
    ("pt", "Hoje vou explicar como fazer pão sem fermento.", "Como fazer pão sem fermento"),
    ("nl", "Goedemorgen, vandaag ga ik het hebben over de geschiedenis van Rotterdam.", "De geschiedenis van Rotterdam"),
    ("nl", "Hier gaat het vandaag over de geschiedenis van Rotterdam.", "De geschiedenis van Rotterdam"),
    ("nl", "Vandaag praten we over onze nieuwe website.", "Onze nieuwe website"),
    ("nl", "In deze les leg ik jullie uit hoe een warmtepomp werkt.", "Hoe een warmtepomp werkt"),
]  # fmt: skip
NOT_SAID = [
    ("de", "Heute geht es nicht um die Geschichte der Stadt."),
    ("de", "Nächste Woche sprechen wir über die Zukunft der Arbeit."),
    ("de", "Heute geht es um dich."),
    ("de", "Heute möchte ich über einen neuen Weg sprechen."),
    ("de", "Heute reden wir über den neuen Bahnhof."),
    ("de", "Wollen wir heute über die Geschichte der Stadt reden?"),
    ("de", "Das Wetter ist heute schön, und die Leute reden darüber."),
    ("de", "Heute geht es um das, was wir gestern begonnen haben."),
    ("fr", "Aujourd'hui, je ne vais pas parler de la photosynthèse."),
    ("fr", "Aujourd'hui je vais vous parler d'un sujet qui me tient à cœur."),
    ("fr", "On va parler aujourd'hui de ce que nous avons vu hier."),
    ("fr", "Il faut parler de la mort avec les enfants."),
    ("es", "Hoy vamos a hablar de lo que pasó ayer."),
    ("es", "Hoy no vamos a hablar de la historia del tango."),
    ("es", "Mañana vamos a hablar de la historia del tango."),
    ("it", "Oggi parliamo di un argomento che mi sta a cuore."),
    ("it", "Oggi non parleremo della rivoluzione industriale."),
    ("pt", "Hoje vamos falar sobre o que aconteceu ontem."),
    ("pt", "Hoje não vamos falar da história do samba."),
    ("nl", "Vandaag gaat het niet over de geschiedenis van Rotterdam."),
    ("nl", "Volgende week praten we over de nieuwe website."),
    ("nl", "Vandaag hebben we het over iets dat jullie kennen."),
    ("sv", "Idag ska vi prata om stadens historia."),
]  # fmt: skip


def segments(*texts: str, start_s: float = 0.0) -> list[Segment]:
    return [Segment(start_s + n, start_s + n + 1, text) for n, text in enumerate(texts)]


@pytest.mark.parametrize(("language", "text", "topic"), SAID)
def test_a_topic_that_is_announced_is_a_title(language: str, text: str, topic: str) -> None:
    assert announced_in(segments("…", text, "…"), language) == topic


@pytest.mark.parametrize(("language", "text"), NOT_SAID)
def test_what_may_be_no_topic_is_none(language: str, text: str) -> None:
    assert announced_in(segments(text), language) == ""


def test_only_the_opening_announces() -> None:
    late = segments("Heute geht es um die Geschichte der Stadt.", start_s=301.0)
    assert announced_in(late, "de") == ""
    assert announced_in(segments("Heute geht es um die Geschichte der Stadt."), "de-CH") != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_without_end_takes_no_time(language: str) -> None:
    for text in ("heute hoje hoy oggi " * 20_000, "parler de la " * 20_000, "la " * 60_000):
        announced_in(segments(text), language)
