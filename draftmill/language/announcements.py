"""What a talk says that it is about, in languages that nothing here can parse: by fixed phrases only.

A topic is a noun phrase, known by its article, or tells how or why something is. What may be neither
is none: a file's name is a better title than half a sentence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from draftmill.language.words import bare_words, capitalised
from draftmill.transcripts.segments import DOUBTFUL, Segment

OPENING_S = 300.0  # an announcement comes in the first minutes
OPENING_SENTENCES = 25
LONGEST, LONGEST_OF_A_CLAUSE = 12, 16  # words of a topic
MOST_CHARACTERS = 1000  # of a sentence
ENDS = re.compile(r"(?:[.;:!?…,]|\s[–—-]\s).*")
ENDS_OF_A_CLAUSE = re.compile(r"(?:[.;:!?…]|\s[–—-]\s).*")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Announcements:
    """How a language announces: what says that it is of today, and the phrases before a topic.

    `articles` are what a noun phrase begins with, and what stands there when it is a title. `other`
    are words that no noun phrase holds, `empty` nouns that say nothing, `late` what may end one and
    is not of it. `not_now` is said of what was, what comes later and what is not told: no topic of
    this talk. With `nouns_are_capital` one must be there, and the first word behind an
    article is one or an adjective that stays as it is.
    """

    today: str
    phrases: str
    articles: Mapping[str, str]
    how: str
    other: str
    empty: str
    late: str
    not_now: str
    nouns_are_capital: bool = False
    changed: Mapping[str, str] = field(default_factory=dict)  # articles before a noun alone


def _same(*words: str) -> dict[str, str]:
    return {word: word for word in words}


LANGUAGES: Mapping[str, Announcements] = {
    "de": Announcements(
        today=r"heute|heutige\w*|in (?:diese[mr]|meine[mr]|unsere[mr]) (?:Vortrag|Video|Podcast|Webinar|Kurs|Folge|Episode"
        r"|Sendung|Vorlesung|Stunde|Präsentation)",
        phrases=r"geht es(?: heute| hier| bei uns)? um|dreht sich (?:heute )?alles um"
        r"|(?:spreche|rede|berichte) ich(?: heute)?(?: mit euch| mit Ihnen)? über"
        r"|(?:sprechen|reden) wir(?: heute)?(?: mit euch| mit Ihnen)? über"
        r"|(?:möchte|will|werde|möchten|wollen|werden) (?:ich|wir)(?: heute)?(?: gerne?)?(?: euch| Ihnen)?(?: etwas)? über"
        r"|Thema (?:(?:heute|des heutigen \w+|meines \w+|unseres \w+|dieses \w+|dieser \w+) )?(?:ist|lautet)"
        r"|(?:zeige|erkläre|erzähle) ich(?: heute)? (?:euch|Ihnen|dir),?",
        articles=_same("die", "das", "ein", "eine", "unser", "unsere", "mein", "meine"),
        changed={"den": "der"},
        how="wie|warum|weshalb",
        other="ich|wir|ihr|du|man|dass|weil|wenn|ob|ist|sind|war|haben|hat|nicht|uns|euch",
        empty="frage|thema|sache|dinge|ding|etwas|paar|punkte|punkt",
        late="heute|jetzt|sprechen|reden|berichten|erzählen|diskutieren|nachdenken",
        not_now=r"nicht|kein\w*|nächste\w*|letzte\w*|gestern|morgen",
        nouns_are_capital=True,
    ),
    "fr": Announcements(
        today=r"aujourd['’]hui|ce (?:soir|matin)|dans cet(?:te)? (?:vidéo|conférence|épisode|présentation|émission|cours)",
        phrases=r"parler(?:ai|ons)?(?: aujourd['’]hui)?|parlons|(?:thème|sujet) (?:du jour|d['’]aujourd['’]hui|de cette \w+) est"
        r"|(?:expliquer|montrer|voir)(?: ensemble)?(?=\s(?:comment|pourquoi)\b)",
        articles={
            "du": "le", "de la": "la", "de l'": "l'", "de l’": "l’", "des": "les", "d'une": "une", "d’une": "une",
            "d'un": "un", "d’un": "un", "de notre": "notre", "de nos": "nos", "de mon": "mon", "de ma": "ma",
            "de mes": "mes", **_same("le", "la", "l'", "l’", "les", "une", "un", "notre", "nos"),
        },
        how="comment|pourquoi",
        other="je|tu|il|elle|on|nous|vous|ils|elles|que|qu|qui|dont|si|quand|est|sont|ai|a|pas|ce|cela|ça",
        empty="sujet|thème|chose|choses|question|truc|peu",
        late="aujourd'hui|aujourd’hui|maintenant|ensemble",
        not_now="ne|pas|demain|hier|prochaine?|dernière?",
    ),
    "es": Announcements(
        today=r"hoy|esta (?:tarde|mañana|noche)|en est[ea] (?:vídeo|video|charla|episodio|conferencia|clase|sesión|presentación)",
        phrases=r"(?:hablar(?:emos|é|les|os|te)?|hablamos)(?: hoy)?(?: un poco)? (?:de|sobre|acerca de)(?=\s)|hablar(?:emos|é|les|os)?(?: hoy)?(?=\sdel\b)"
        r"|tema de (?:hoy|esta \w+) es|(?:explicar(?:les|os|te|é)?|enseñar(?:les|os|te|é)?|ver|mostrar(?:les|os|te|é)?)(?=\s(?:cómo|por qué)\b)",
        articles={
            "del": "el",
            **_same("el", "la", "los", "las", "un", "una", "nuestro", "nuestra", "nuestros", "nuestras", "mi", "mis"),
        },
        how="cómo|por qué",
        other="yo|nosotros|ustedes|que|quien|si|cuando|porque|es|son|está|hay|no|les|nos|se",
        empty="tema|cosa|cosas|cuestión|asunto|poco|algo|pregunta",
        late="hoy|ahora",
        not_now="no|mañana|ayer|próxim[ao]|pasad[ao]",
    ),
    "it": Announcements(
        today=r"oggi|stasera|stamattina|in quest[oa] (?:video|puntata|lezione|conferenza|presentazione|episodio)",
        phrases=r"(?:parlare|parlarvi|parleremo|parlerò|parliamo)(?: oggi)?(?: un po')?(?: di(?=\s(?:come|perché|un|una)\b))?"
        r"|(?:tema|argomento) (?:di oggi|del giorno|di questa \w+) è|(?:spiegare|spiegarvi|spiegherò|vedere|vedremo|mostrarvi)(?=\s(?:come|perché)\b)",
        articles={
            "del": "il", "dello": "lo", "della": "la", "dell'": "l'", "dell’": "l’", "dei": "i", "degli": "gli", "delle": "le",
            **_same("il", "lo", "la", "l'", "l’", "i", "gli", "le", "un", "una"),
        },
        how="come|perché",
        other="io|noi|voi|che|chi|cui|se|quando|è|sono|ho|abbiamo|non|vi|ci|si",
        empty="tema|cosa|cose|argomento|po|questione|domanda",
        late="oggi|adesso|insieme",
        not_now="non|domani|ieri|prossim[ao]|scors[ao]",
    ),
    "pt": Announcements(
        today=r"hoje|esta (?:noite|tarde|manhã)|nest[ea] (?:vídeo|palestra|episódio|aula|apresentação|sessão)",
        phrases=r"(?:falar|falaremos|falamos|conversar|vos falar|lhes falar)(?: hoje)?(?: um pouco)?(?: sobre| acerca de)?"
        r"|tema de hoje é|(?:explicar|mostrar|ver)(?:-vos|-lhes)?(?=\s(?:como|por que|porque)\b)",
        articles={
            "do": "o", "da": "a", "dos": "os", "das": "as",
            **_same("o", "a", "os", "as", "um", "uma", "nosso", "nossa", "nossos", "nossas"),
        },
        how="como|por que",
        other="eu|nós|vocês|você|que|quem|se|quando|porque|é|são|está|tem|há|não|vos|nos",
        empty="tema|coisa|coisas|assunto|pouco|questão|pergunta",
        late="hoje|agora",
        not_now="não|amanhã|ontem|próxim[ao]|passad[ao]",
    ),
    "nl": Announcements(
        today=r"vandaag|vanavond|vanmorgen|in deze (?:video|lezing|aflevering|podcast|les|presentatie)|in dit (?:college|filmpje|webinar)",
        phrases=r"(?:gaat|gaan|wil|ga|zal|willen|zullen) (?:ik|we|wij)(?: het)?(?: vandaag)?(?: hebben)?(?: met jullie| met u)? over"
        r"|(?:gaat|draait) het(?: vandaag)? (?:over|om)|(?:praat|spreek) ik(?: vandaag)? over|(?:praten|spreken) we(?: vandaag)? over"
        r"|onderwerp (?:van vandaag|van deze \w+) is|(?:vertel|laat) ik(?: jullie| u)?(?: zien)?,?(?=\s(?:hoe|waarom)\b)|leg ik(?: jullie| u)? uit,?(?=\s(?:hoe|waarom)\b)",
        articles=_same("de", "het", "een", "onze", "ons", "mijn"),
        how="hoe|waarom",
        other="ik|we|wij|jullie|dat|die|als|omdat|of|is|zijn|was|hebben|heeft|niet|ons",
        empty="vraag|onderwerp|thema|ding|dingen|iets|paar|punt",
        late="vandaag|nu|hebben|praten|spreken|vertellen",
        not_now="niet|geen|gisteren|morgen|volgende|vorige",
    ),
}  # fmt: skip
GREETING = re.compile(r"(?i)guten morgen|goede ?morgen")


def announced_in(segments: Sequence[Segment], language: str) -> str:
    """The topic that a talk in a language (its code) announces, as a title; "" for none."""
    rules = LANGUAGES.get(language.casefold().partition("-")[0])
    for segment in segments[:OPENING_SENTENCES] if rules else ():
        if segment.start_s > OPENING_S:
            break
        if rules and DOUBTFUL not in segment.flags and (topic := _topic(segment.text, rules)):
            return capitalised(topic)
    return ""


def _topic(text: str, rules: Announcements) -> str:
    said = SPACE.sub(" ", text[:MOST_CHARACTERS]).strip()
    found = re.search(rf"(?i)\b(?:{rules.phrases})\s+(?P<topic>.+)", said)
    if found is None or said.endswith("?") or not re.search(rf"(?i)\b(?:{rules.today})\b", said):
        return ""
    before = re.sub(
        rf"(?i)\b(?:{rules.today})\b", "", GREETING.sub("", said[: found.start("topic")])
    )
    if re.search(rf"(?i)\b(?:{rules.not_now})\b", before):
        return ""
    return _clause(found["topic"], rules) or _noun_phrase(found["topic"], rules)


def _clause(topic: str, rules: Announcements) -> str:
    """ "wie Städte kühl bleiben", also behind "die Frage,"; "" if it is none."""
    asked = re.match(rf"(?i)(?:\S+ (?:{rules.empty})[,:]? )?(?P<how>(?:{rules.how})\b.*)", topic)
    if asked is None:
        return ""
    clause = ENDS_OF_A_CLAUSE.sub("", asked["how"]).strip(" ,\"'“”«»")
    return clause if 4 <= len(bare_words(clause)) <= LONGEST_OF_A_CLAUSE else ""


def _noun_phrase(topic: str, rules: Announcements) -> str:
    phrase = ENDS.sub("", topic).strip(" \"'“”«»")
    phrase = re.sub(rf"(?i)(?:\s+(?:{rules.late}))+$", "", phrase)
    articles = sorted((*rules.articles, *rules.changed), key=len, reverse=True)
    begins = re.match(
        rf"(?i)(?P<article>{'|'.join(articles)})(?:\s+|(?<=['’]))(?P<rest>.+)", phrase
    )
    if begins is None:
        return ""
    rest, article = begins["rest"], begins["article"].casefold()
    words = [word.casefold() for word in bare_words(rest)]
    if not words or len(words) > LONGEST or not _says_something(words, rules):
        return ""
    if rules.nouns_are_capital and not _has_its_noun(rest, article, rules):
        return ""
    article = rules.changed.get(article) or rules.articles[article]
    return f"{article}{'' if article[-1] in '’' + chr(39) else ' '}{rest}"


def _says_something(words: Sequence[str], rules: Announcements) -> bool:
    other, empty = set(rules.other.split("|")), set(rules.empty.split("|"))
    return not other.intersection(words) and words[0] not in empty and len(words[0]) > 1


def _has_its_noun(rest: str, article: str, rules: Announcements) -> bool:
    first = rest.split()[0]
    if first[0].isupper():
        return True
    nouns = any(word[0].isupper() for word in rest.split()[1:3])
    return nouns and article not in rules.changed and first.endswith(("e", "es", "er"))
