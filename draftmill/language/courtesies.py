"""Greetings, lent voices and leaning openings in languages that nothing here can parse: by fixed phrases only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from draftmill.language.asides import quoted, sung
from draftmill.transcripts.segments import Segment

LEANING = "leaning"  # it may follow others, and stands not alone


@dataclass(frozen=True)
class Courtesies:
    """What greets and thanks, what lends a voice, and what points at the sentence before."""

    greets: re.Pattern[str]
    lends: re.Pattern[str]
    leans: re.Pattern[str]


def _phrases(greets: str, lends: str, leans: str) -> Courtesies:
    return Courtesies(
        re.compile(rf"(?ix)(?:{greets})"),
        re.compile(rf"(?ix)(?:{lends})"),
        re.compile(rf"(?ix)^\W*+(?:{leans})(?!\w)"),
    )


LANGUAGES: Mapping[str, Courtesies] = {
    "de": _phrases(
        r"^\W*+(?:(?:einen?\s++)?(?:schönen\s++)?guten\s++(?:morgen|tag|abend)|hallo|hi|servus|grüß|moin|(?:sehr\s++geehrte|liebe)\s++\w++)\b"
        r"|\bwillkommen\b|\b(?:vielen|herzlichen|besten|schönen)\s++dank\b|\b(?:danke|bedanke)\b|\bmein\s++name\s++ist\b|\bich\s++heiße\b"
        r"|\bfreue?n?\s++(?:mich|uns)\b|\babonnier|\bbis\s++(?:zum\s++nächsten|bald|nächste)\b|\bauf\s++wiedersehen\b|\btschüss\b",
        r"\b(?:sag(?:en|t|te|ten)|frag(?:en|t|te|ten)|mein(?:t|te|ten)|r[iu]ef|schrieb(?:en)?|schreibt|antwortete[n]?|hieß\s++es|heißt\s++es)\b"
        r"(?:\s++\w++){0,4}[,:]\s++(?:[„\"»]|(?:ach|oh|ja|nein|na|also|ich|wir|du|ihr|das|die|der|warum|wieso|was|wie|komm|mach|geht|lass)\b)"
        r"|^\W*+(?:ach|oh)\b|\bwürden?\s++(?:\w++\s++)?(?:sagen|fragen)\b"
        r"|\b(?:viele|manche|leute|alle|andere|kritiker)\s++(?:sagen|behaupten|denken|meinen|fragen)\b",
        r"das\s++(?:ist|war|sind|waren|hat|haben|wird|kann|kostet|geht|heißt|bedeutet|macht|gilt|liegt|führt|zeigt|kommt)|dies(?:e[rsmn]?)?(?!\s++(?:jahr|woche|monat|sommer|winter))"
        r"|es(?!\s++(?:gibt|geht\s++um))|er|sie|ihm|ihr|ihnen|dabei|dadurch|damit|dafür|dagegen|daher|darum|deshalb|deswegen|trotzdem|außerdem|aber|denn"
        r"|und|oder|sondern|also|dann|so|dort|da|hier|beide|zweitens|drittens|zum\s++beispiel|ja|nein|genau|welche[rs]?",
    ),
    "fr": _phrases(
        r"^\W*+(?:bonjour|bonsoir|salut|coucou|chers?|chères?)\b|\bbienvenue\b|\bmerci\b|\bje\s++m['’]appelle\b|\b(?:ravie?|heureu(?:x|se))\s++(?:de|d['’])"
        r"|\babonn|\bà\s++(?:bientôt|la\s++prochaine)\b|\bau\s++revoir\b",
        r"\b(?:dit|disent|disait|demande|demandent|répond|répondent|répondu|écrit|crie)\b(?:\s++\w++){0,4}\s?[,:]\s++(?:[«\"“]|(?:oh|ah|mais|non|oui|je|j['’]|nous|on|vous|tu|pourquoi|comment|c['’]est|il|elle|le|la|les|votre)(?:\b|(?<=['’])))"
        r"|^\W*+(?:oh|ah)\b|\b(?:dirait|diraient|diront)\b|\b(?:certains|beaucoup|gens|autres)\s++(?:\w++\s++)?(?:disent|pensent|prétendent|demandent)\b",
        r"c['’](?:est|était)|ce(?:la|ci)|ça|ces?\s++(?!matin|soir)\w++|cette\s++(?!année|semaine)\w++|ils?(?!\s++(?:y\s++a|faut))|elles?|lui|leurs?|mais|donc|alors|ensuite|puis|et|ou|car|ainsi|aussi|pourtant|cependant|ici|là|oui|non|par\s++exemple|deuxièmement",
    ),
    "es": _phrases(
        r"^\W*+(?:hola|buen[oa]s\s++(?:días|tardes|noches)|querid[oa]s?|estimad[oa]s?)\b|\bbienvenid[oa]s?\b|\bgracias\b(?!\s++(?:a|al)\b(?!\s++(?:tod|ustedes|vosotr)))|\bme\s++llamo\b|\bmi\s++nombre\s++es\b"
        r"|\bsuscríb|\bhasta\s++(?:luego|pronto|la\s++próxima)\b|\badiós\b",
        r"\b(?:dice|dicen|dijo|dijeron|decía|pregunta|preguntan|preguntó|respondió|contestó|escribió|gritó)\b(?:\s++\w++){0,4}[,:]\s++(?:[«\"“¿¡]|(?:oh|ah|ay|pero|no|sí|yo|nosotros|tú|usted|por\s++qué|cómo|qué|es|esto|eso|el|la|los|las|su)\b)"
        r"|^\W*+[¡]?(?:oh|ah|ay)\b|\b(?:diría|dirían|dirán|dirá)\b|\b(?:algunos|muchos|gente|otros)\s++(?:\w++\s++)?(?:dicen|dice|piensan|preguntan)\b",
        r"est[eao]s?(?!\s++(?:año|semana|mes|mañana|tarde|noche))|es[eao]s?|aquell[ao]s?|es|son|era|él|ellas?|ellos|pero|entonces|luego|así|también|y|o|porque|además|sin\s++embargo|por\s++eso|aquí|allí|ahí|sí|no(?=\s*,)|por\s++ejemplo|segundo",
    ),
    "it": _phrases(
        r"^\W*+(?:ciao|salve|buon(?:giorno|asera|a\s++sera)|car[ie])\b|\bbenvenut[ioae]\b|\bgrazie\b(?!\s++a(?:l|i|gli|llo|lla|lle)?\b(?!\s++(?:tutt|voi)))|\bmi\s++chiamo\b|\bil\s++mio\s++nome\s++è\b"
        r"|\biscriv(?:iti|etevi)\b|\barrivederci\b|\balla\s++prossima\b|\ba\s++presto\b",
        r"\b(?:dice|dicono|disse|dissero|diceva|detto|chiede|chiedono|chiese|rispose|risponde|scrisse|scritto|gridò)\b(?:\s++\w++){0,4}[,:]\s++(?:[«\"“]|(?:oh|ah|ma|no|sì|io|noi|tu|lei|voi|perché|come|cosa|che|è|questo|il|la|i|le)\b)"
        r"|^\W*+(?:oh|ah)\b|\b(?:direbbe|direbbero|diranno|dirà)\b|\b(?:alcuni|molti|gente|altri)\s++(?:\w++\s++)?(?:dicono|dice|pensano|chiedono)\b",
        r"quest[aoei](?!\s++(?:anno|settimana|mese|mattina|sera))|quell[aoei]|ciò|è|sono|era|egli|lui|lei|loro|ess[aoei]|ma|però|quindi|allora|poi|così|anche|e|ed|o|perché|inoltre|tuttavia|qui|qua|lì|là|sì|no|per\s++esempio|secondo",
    ),
    "pt": _phrases(
        r"^\W*+(?:olá|oi|bo[am]\s++(?:dia|tarde|noite)|car[oa]s?|querid[oa]s?)\b|\b(?:bem-vind|benvind)[oa]s?\b|\bobrigad[oa]s?\b(?!\s++a\b(?!\s++(?:tod|vocês)))|\bchamo-me\b|\bmeu\s++nome\s++é\b|\bme\s++chamo\b"
        r"|\binscrev|\baté\s++(?:logo|breve|à\s++próxima|a\s++próxima)\b|\badeus\b",
        r"\b(?:diz|dizem|disse|disseram|dizia|pergunta|perguntam|perguntou|respondeu|escreveu|gritou)\b(?:\s++\w++){0,4}[,:]\s++(?:[«\"“]|(?:oh|ah|ai|mas|não|sim|eu|nós|você|tu|por\s++que|porque|como|o\s++que|é|isso|isto|o|a|os|as|seu|sua)\b)"
        r"|^\W*+(?:oh|ah)\b|\b(?:diria|diriam|dirão|dirá)\b|\b(?:alguns|muitos|gente|outros)\s++(?:\w++\s++)?(?:dizem|diz|pensam|perguntam)\b",
        r"est[ea]s?(?!\s++(?:ano|semana|mês|manhã|tarde|noite))|iss?to|isso|ess[ea]s?|aquel[ea]s?|aquilo|é|são|era|el[ea]s?|mas|então|depois|assim|também|e|ou|porque|além\s++disso|no\s++entanto|por\s++isso|aqui|ali|lá|sim|não(?=\s*,)|por\s++exemplo|segundo",
    ),
    "nl": _phrases(
        r"^\W*+(?:hallo|hoi|hi|dag|goede(?:n?\s?(?:morgen|middag|avond)|dag)|beste|lieve)\b|\bwelkom\b|\b(?:dank|bedankt|dankjewel|dankuwel)\b|\bik\s++heet\b|\bmijn\s++naam\s++is\b"
        r"|\babonneer\b|\btot\s++(?:ziens|de\s++volgende|snel)\b",
        r"\b(?:zeg(?:t|gen)|zei(?:den)?|vra(?:agt|gen)|vroeg(?:en)?|antwoordde|schre(?:ef|ven)|schrijft|riep(?:en)?)\b(?:\s++\w++){0,4}[,:]\s++(?:[„\"“]|(?:oh|ach|nee|ja|nou|ik|we|wij|jij|je|u|waarom|wat|hoe|dat|dit|de|het|kom|laat)\b)"
        r"|^\W*+(?:oh|ach)\b|\bzou(?:den)?\s++(?:\w++\s++)?(?:zeggen|vragen)\b|\b(?:mensen|sommigen|velen|anderen)\s++(?:\w++\s++)?(?:zeggen|denken|vragen)\b",
        r"dat|dit|die|deze(?!\s++(?:week|maand|zomer|winter))|het\s++(?:is|was|heeft|kan|wordt|kost|gaat|betekent)|hij|zij|ze|hem|haar|hun|daar\w*+|hier\w*+|dus|dan|maar|want|en|of|ook|toch|bovendien|zo|beide|ja|nee|precies|bijvoorbeeld|ten\s++tweede",
    ),
}  # fmt: skip


def asides_in(said: Sequence[Segment], language: str) -> list[str]:
    """Why each sentence of a talk in a language (its code) is no passage; LEANING, "" where it may be."""
    known = LANGUAGES.get(language.casefold().partition("-")[0])
    songs, lent = sung(said), quoted(said)
    return [
        "sung"
        if at in songs
        else "introduction"
        if known and known.greets.search(segment.text)
        else "lent"
        if at in lent or (known and known.lends.search(segment.text))
        else LEANING
        if known and known.leans.match(segment.text)
        else ""
        for at, segment in enumerate(said)
    ]
