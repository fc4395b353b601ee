"""Which encoding a text that is no Unicode has: the one in which it is written as people write.

Every byte means something in every old code page, so decoding proves nothing. Here the letters
have to be those of a language that uses the encoding: for Latin ones the accented letters of the
language that the rest is in, for other scripts the share of its most frequent letters. Numbers,
times and markup say nothing and are not looked at. Who is not sure refuses.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

SAMPLE_BYTES = 60_000
SURE = 1.25  # times as likely as the next one
OF_ALL = 0.3  # letters that a text in another script has of it at least
LESS_CHAOS = 0.02  # than the next one, where two are as likely
TAG = re.compile(rb"</?[A-Za-z][^<>\n]{0,60}>")
MISPLACED = re.compile(r"[^\W\d_][„“«‘‚‹€£¥]|[^\W\d_][•§©×½]\w")
UNLIKELY = 0.75
UNSAID = re.compile(rb"[\s\d:.,;>-]*|.{0,200}-->.*|(?:WEBVTT|NOTE|STYLE)\b.*", re.DOTALL)
MARKS = frozenset(
    "“”„‘’‚«»‹›–—…•·°§©®™€£¥№¿¡×½\u00a0\u00ad、。！？，：；「」『』（）・～ー《》〈〉،؛؟؍־׳״\u200e\u200f"
)

WESTERN = ("cp1252", "iso8859_15", "mac_roman")
CENTRAL = ("cp1250", "iso8859_2")
TURKISH = ("cp1254",)
BALTIC = ("cp1257", "iso8859_13")
EUROPE = "àáâãäåæçèéêëìíîïñòóôõöøùúûüœßªº"
ACCENTS = {
    **dict.fromkeys(["en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "nb", "nn", "fi", "ca", "gl", "eu", "ga", "sq", "lb", "af"], (EUROPE, WESTERN)),
    "is": ("áðéíóúýþæö", ("cp1252",)),
    "pl": ("ąćęłńóśźż", CENTRAL), "cs": ("áčďéěíňóřšťúůýž", CENTRAL),
    "sk": ("áäčďéíĺľňóôŕšťúýž", CENTRAL), "hu": ("áéíóöőúüű", CENTRAL),
    "hr": ("čćđšž", CENTRAL), "bs": ("čćđšž", CENTRAL), "sl": ("čšžćđ", CENTRAL),
    "ro": ("ăâîşţ", CENTRAL), "tr": ("çğıöşüâîûi̇", TURKISH), "az": ("çğıöşüə", TURKISH),
    "et": ("äöõüšž", BALTIC), "lv": ("āčēģīķļņšūž", BALTIC), "lt": ("ąčęėįšųūž", BALTIC),
}  # fmt: skip


@dataclass(frozen=True)
class Script:
    """A script with its encodings: its most frequent letters, and their usual share of all."""

    encodings: tuple[str, ...]
    first: str
    last: str
    frequent: frozenset[str]
    least: float


CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "iso8859_5", "mac_cyrillic", "cp866")
SCRIPTS = (
    Script(CYRILLIC, "\u0400", "\u052f", frozenset("оеаинтслврі"), 0.45),
    Script(("cp1253", "iso8859_7"), "\u0370", "\u03ff", frozenset("αοιετσνηρυπκςάίόέ"), 0.6),
    Script(("cp1255",), "\u0590", "\u05ff", frozenset("יוהלאתרבנשמ"), 0.55),
    Script(("cp1256", "iso8859_6"), "\u0600", "\u06ff", frozenset("اليمونرتبدهعسأكیک"), 0.6),
    Script(("cp874",), "\u0e00", "\u0e7f", frozenset("านรอกเงมยลวดทสต่้ัีคปิะ"), 0.6),
    Script(("cp932", "euc_jp"), "\u3040", "\u9fff", frozenset(
        "いうかがきくけこさしすせそたちってでとなにのはまもやよらりるれをんあおえどだじばみめわご"
        "アイウスントルリラクシタレマカコジドプバデテフムメサ"
    ), 0.4),
    Script(("cp949",), "\uac00", "\ud7a3", frozenset(
        "이다는을가에의고하지를은도서로사한기자어아나들게리대시그라인해보니수요오정있일것습여부제안주"
    ), 0.4),
    Script(("gb18030",), "\u4e00", "\u9fff", frozenset(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作"
        "里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从"
        "想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头"
        "文体政美相见被利什二等产或新己制身果加西今吧吗热谢请让给话听走吃水早晚始"
    ), 0.35),
    Script(("big5hkscs",), "\u4e00", "\u9fff", frozenset(
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作"
        "裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從"
        "想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭"
        "文體政美相見被利什二等產或新己制身果加西今吧嗎熱謝請讓給話聽走吃水早晚始"
    ), 0.35),
)  # fmt: skip


def encoding_of(content: bytes) -> str | None:
    """The encoding of a text that is no Unicode, None where it is not sure."""
    said = _said(content)
    if b"\x1b$" in content[:SAMPLE_BYTES]:
        return "iso2022_jp" if _decoded(said, "iso2022_jp") is not None else None
    worth: dict[str, tuple[float, str]] = {}
    for encoding, text, score in _readings(said):
        if score > worth.get(text, (0.0, ""))[0] and _decoded(content, encoding) is not None:
            worth[text] = (score, encoding)
    best = max((score for score, _ in worth.values()), default=0.0)
    close = [encoding for score, encoding in worth.values() if score * SURE > best]
    return close[0] if len(close) == 1 else _least_messy(said, close)


def _least_messy(said: bytes, encodings: list[str]) -> str | None:
    """The encoding in which words look like words, by charset-normalizer's measure."""
    from charset_normalizer import from_bytes

    found = list(from_bytes(said, cp_isolation=encodings, threshold=1.0)) if encodings else []
    chaos = sorted((match.chaos, match.encoding) for match in found if match.encoding in encodings)
    if len(chaos) < len(encodings) or not chaos or chaos[1][0] - chaos[0][0] < LESS_CHAOS:
        return None
    return chaos[0][1]


def _said(content: bytes) -> bytes:
    """What is said in a file: its lines without times, numbers and tags."""
    lines = TAG.sub(b" ", content).splitlines()
    kept, size = [], 0
    for line in lines:
        if not UNSAID.fullmatch(line):
            kept.append(line[: SAMPLE_BYTES - size])
            size += len(kept[-1])
        if size >= SAMPLE_BYTES:
            break
    return b"\n".join(kept)


def _readings(said: bytes) -> Iterator[tuple[str, str, float]]:
    """Every way to read it as a language: (encoding, text, how well it fits)."""
    for script in SCRIPTS:
        for encoding in script.encodings:
            text = _decoded(said, encoding)
            if text and (score := _fit(text, script)):
                yield encoding, text, score
    for encoding in dict.fromkeys(name for _, names in ACCENTS.values() for name in names):
        text = _decoded(said, encoding)
        if text and (score := _latin_fit(text, encoding)):
            yield encoding, text, score


def _fit(text: str, script: Script) -> float:
    """How much of the script's usual share its frequent letters have; 0 for what nobody writes."""
    foreign = [letter for letter in text if letter > "\x7f" and letter not in MARKS]
    inside = [letter for letter in foreign if script.first <= letter <= script.last]
    if len(inside) < 0.95 * len(foreign) or len(inside) < OF_ALL * sum(map(str.isalpha, text)):
        return 0.0
    if not inside or _is_mixed(text, script):
        return 0.0
    share = sum(letter.lower() in script.frequent for letter in inside) / len(inside)
    shouted = UNLIKELY if all(map(str.isupper, inside)) else 1.0
    return shouted * share / script.least if share >= script.least else 0.0


def _is_mixed(text: str, script: Script) -> bool:
    """Whether words mix scripts, or small letters go before large ones."""
    latin = re.findall(
        rf"[A-Za-z][{script.first}-{script.last}]|[{script.first}-{script.last}][A-Za-z]", text
    )
    turned = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return (len(latin) + turned) * 20 > len(text)


def _latin_fit(text: str, encoding: str) -> float:
    """1 where all letters are of a language that has this encoding, and of which the text is."""
    import py3langid

    foreign = [letter for letter in text if letter > "\x7f" and letter not in MARKS]
    ascii_letters = sum(letter.isalpha() and letter < "\x80" for letter in text)
    if len(foreign) > ascii_letters or not all(map(str.isalpha, foreign)):
        return 0.0
    language, _ = py3langid.classify(text)
    accents, encodings = ACCENTS.get(language, ("", ()))
    if encoding not in encodings:
        return 0.0
    fits = all(letter.lower() in accents for letter in foreign)
    return fits * (UNLIKELY if MISPLACED.search(text) else 1.0)


def _decoded(content: bytes, encoding: str) -> str | None:
    """The text, None where the encoding does not know a byte, or makes a control character of it."""
    try:
        # A sample may end in the middle of a letter.
        text = codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return None
    strange = (
        unicodedata.category(letter) in ("Cc", "Co", "Cn") for letter in set(text) - set("\t\n\r\f")
    )
    return None if any(strange) else text
