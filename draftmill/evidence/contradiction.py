"""Whether a sentence contradicts what was said: denied, asserted all the same, or turned round."""

from collections.abc import Iterable, Sequence

from draftmill.evidence import denied, negation, opposites
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Flaw
from draftmill.evidence.sentences import Sentence
from draftmill.evidence.support import Found

ALSO_MEANT = 0.6  # of the best sentence's score: its numbers count, too
MOST_HEARD = 6  # sentences that may deny a claim
BORNE_OUT = 0.4  # score: what is borne out less is marked for that


def flaws_of(
    recording: Recording, sentence: Sentence, found: Found, places: Sequence[int]
) -> Iterable[Flaw]:
    """The flaw of a sentence that denies, or turns round, one of those that bear it out."""
    if not recording.english or sentence.quotations or not len(found.sentences):
        return []
    if found.score < BORNE_OUT:
        return []
    least = ALSO_MEANT * float(found.sentences.max())
    best = (-found.sentences).argsort(kind="stable")[:MOST_HEARD].tolist()
    likely = {at for at in (*places, *best) if found.sentences[at] >= least}
    near = sorted(likely.union(recording.window(best[0])))
    said = [recording.texts[at] for at in near]
    if denied.is_denied(sentence.text, said):
        return [Flaw("negation", sentence.text, recording.texts[int(found.sentences.argmax())])]
    flipped = negation.is_flipped(sentence.text, said)
    if flipped and negation.denies(sentence.text) and opposites.turns_back(sentence.text, said):
        return []
    if not flipped and not opposites.is_opposite(sentence.text, said):
        return []
    return [Flaw("negation", sentence.text, recording.texts[int(found.sentences.argmax())])]
