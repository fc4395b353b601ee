"""The speakers whom a text names: who says something, who is told or asked, and who is there."""

import re
from dataclasses import dataclass

from draftmill.evidence.recording import Recording
from draftmill.evidence.tokens import words_of

BEFORE = 120  # characters before a name that may hold a verb of saying
VERB = (
    r"(?:says?|said|tells?|told|explain(?:s|ed)|argue[sd]|add(?:s|ed)|put(?:s)?|recall(?:s|ed)"
    r"|admit(?:s|ted)|note[sd]|ask(?:s|ed)|repl(?:ies|ied)|answer(?:s|ed)|promise[sd]|warn(?:s|ed)"
    r"|describe[sd]|call(?:s|ed)|conclude[sd]|insist(?:s|ed)|sum(?:s|med)|joke[sd]|remember(?:s|ed)"
    r"|assure[sd]|inform(?:s|ed)|remind(?:s|ed)|respond(?:s|ed)|claim(?:s|ed)|stress(?:es|ed)"
    r"|state[sd]|mention(?:s|ed)|suggest(?:s|ed)|recommend(?:s|ed)|confess(?:es|ed)|observe[sd]"
    r"|object(?:s|ed)|agree[sd]|confirm(?:s|ed)|report(?:s|ed)|write[s]?|continue[sd]|point(?:s|ed))"
)

# What stands behind a name, and before it, that says so: "Ada Lovelace quietly said", "said Ada".
SAYS_BEHIND = re.compile(
    rf"(?:\s++[A-Z]\w++)?+(?:\s*+:|(?:\s*+,)?+\s++(?:\w++(?<=\wly)\s++)?+{VERB}\b)"
)
SAYS_BEFORE = re.compile(
    rf"\b{VERB}\s++(?:the\s++|[A-Z]\w++\s++)?+\Z|[\u2014\u2013-]\s*+\Z"
    r"|\b(?:according to|(?:told|said|put|given|explained|answered|assured|informed|warned) by"
    r"|(?:answer|reply|learn\w*|hear\w*|came) (?:\w+ ){0,2}from)\s++(?:the\s++)?+\Z",
    re.I,
)
WORDS_OF = re.compile(
    r"\s+(?:\w+\s+){0,2}(?:words|answer|reply|view|objection|worry|point|advice|remark|comment"
    r"|verdict|conclusion|summary|argument|warning|promise|rule|motto|opinion|explanation|response"
    r"|complaint|concern)\b"
)
TOLD = (
    r"(?:tell|told|tells|telling|assur\w+|reassur\w+|remind\w*|inform\w*|warn\w*|promis\w+|ask(?:s|ed)?"
    r"|answer(?:s|ed)?|thank\w*|interrupt\w*|advis\w+|convinc\w+|correct(?:s|ed)?|contradict\w*"
    r"|show(?:s|ed)?|urg\w+)"
)
TOLD_BEFORE = re.compile(
    rf"(?i)\b(?:{TOLD}|to|(?:asked|reminded|prompted|pressed|challenged|interrupted|questioned) by)"
    r"\s+(?:the\s+|both\s+)?\Z"
)
# "“…”, asked Ada" turns verb and name round; nobody is "told Ada" so.
INVERTED = re.compile(
    r"(?i)\u2026[\s,.!?]*(?:ask|answer|promis|warn|advis|urg|thank|correct|interrupt)\w*\s+(?:the\s+)?\Z"
    r"|\baccording to\s+(?:the\s+)?\Z"
)
HEARS_BEHIND = re.compile(
    r"(?i)\s+(?:(?:was|were|is|are|gets?|got|has been|had been|being|been)\s+(?:\w+ly\s+)?"
    r"(?:told|asked|assured|informed|reminded|warned|promised|advised|answered|given|reassured|shown)"
    r"|heard|hears|learn(?:s|ed|t)|found out|finds out)\b"
)
ASKS_AWAY = re.compile(
    r"(?i)\s+(?:ask(?:s|ed)?|wonder(?:s|ed)?|want(?:s|ed)? to know|inquire[sd]?)\b"
)
ASKS_BEFORE = re.compile(r"(?i)\b(?:question|request) (?:by|from|of)\s+(?:the\s+)?\Z")
HOSTS = ("host", "interviewer", "moderator", "presenter")
ROLES = frozenset((*HOSTS, "guest", "speaker", "interviewee", "caller"))
LONGEST_ARTICLE = 4  # characters before a name that opens a sentence: "The "


@dataclass(frozen=True)
class Speaker:
    """A speaker's name in a text, and whom it may mean."""

    text: str
    start: int
    end: int
    labels: frozenset[str]


@dataclass(frozen=True)
class Roles:
    """Who says, who is told or asked, and who else is named. `opens`: another, as the first word."""

    sayers: tuple[Speaker, ...] = ()
    hearers: tuple[Speaker, ...] = ()
    others: tuple[Speaker, ...] = ()

    @property
    def opens(self) -> bool:
        return bool(self.others) and self.others[0].start <= LONGEST_ARTICLE


def roles_in(recording: Recording, prose: str) -> Roles:
    """What the speakers do whom a text names."""
    found: dict[str, list[Speaker]] = {"sayers": [], "hearers": [], "others": []}
    hears, end = False, 0
    for name in _speakers_in(recording, prose):
        joined = hears and re.fullmatch(
            r"(?:\s*,)?(?:\s+and)?\s+(?:the\s+)?", prose[end : name.start]
        )
        hears = bool(joined) or _hears(prose, name)
        role = "hearers" if hears else "sayers" if says(prose, name.start, name.end) else "others"
        found[role].append(name)
        end = name.end
    return Roles(**{role: tuple(names) for role, names in found.items()})


def _speakers_in(recording: Recording, prose: str) -> list[Speaker]:
    """The speakers that a text names; the words of one name are one."""
    found: list[Speaker] = []
    for match in re.finditer(r"[^\W\d_][\w'\u2019-]*", prose):
        word = next(iter(words_of(re.sub(r"['\u2019]s?$", "", match.group()))), "")
        labels = recording.names.speakers_called(word)
        if word in HOSTS and not labels:
            labels = {one for host in HOSTS for one in recording.names.speakers_called(host)}
        if not labels or not (match.group()[0].isupper() or word in ROLES):
            continue
        before = found[-1] if found else None
        if before and prose[before.end : match.start()] == " " and before.labels & labels:
            text = f"{before.text} {match.group()}"
            found[-1] = Speaker(text, before.start, match.end(), before.labels & frozenset(labels))
        else:
            found.append(Speaker(match.group(), *match.span(), frozenset(labels)))
    return found


def _hears(prose: str, name: Speaker) -> bool:
    """Whether somebody is told, asked or answered, and so does not say it himself."""
    before, behind = prose[max(0, name.start - BEFORE) : name.start], prose[name.end :]
    if HEARS_BEHIND.match(behind) or ASKS_BEFORE.search(before):
        return True
    if re.search(r"['\u2019]s?$", name.text) and re.match(r"\s+(?:\w+\s+)?question", behind):
        return True
    if ASKS_AWAY.match(behind) and not re.match(r"\s+\w+\s*(?:[,:]\s*)?(?:\u2026|$)", behind):
        return True
    return bool(TOLD_BEFORE.search(before)) and not INVERTED.search(before)


def says(prose: str, start: int, end: int) -> bool:
    """Whether the name at a place of a text says something."""
    before, behind = prose[max(0, start - BEFORE) : start], prose[end:]
    if prose[start:end].endswith(("'s", "\u2019s")):
        return bool(WORDS_OF.match(behind))
    is_for = re.search(r"(?i)\bfor\s+\Z", before) and behind.startswith(",")
    return bool(is_for or SAYS_BEHIND.match(prose, end) or SAYS_BEFORE.search(before))
