"""What only leads to a quotation: "She offers one piece of advice:" claims nothing of the recording."""

from draftmill.evidence.recording import Recording
from draftmill.language.lists import listed

# Words that tell of speaking: what is said, how, and that it comes. FRAMING of support.py is left out.
LEADING_IN = listed(
    """
    advice piece pieces bit sentence sentences phrase phrases line lines word words remark remarks
    lesson lessons rule rules point points idea ideas message messages warning warnings reminder
    reminders tip tips hint hints takeaway takeaways conclusion conclusions thought thoughts answer
    answers question questions comment comments observation observations approach moral motto
    offer offers offered offering leave leaves left give gives gave name names named sum sums summed
    summing boil boils boiled come comes follow follows followed following read reads sound sounds
    capture captures captured phrased distil distils distilled formulate formulates
    formulated add adds puts words voice voices voiced express expresses expressed hardly barely
    plain plainly clear clearer clearest clearly blunt blunter bluntly frank frankly honest honestly
    direct directly short shorter shortest brief briefly quick quickly single final last closing
    opening memorable useful best favourite favorite practical simplest simpler nutshell
    """
)
OPEN = " \n\u2026"


def leads_in(recording: Recording, prose: str) -> bool:
    """Whether words before a colon tell nothing but that something is said, how, and about what."""
    if not prose.rstrip(OPEN).endswith(":"):
        return False
    told = recording.grounds.asked(prose)
    others = [word for word in told if word not in LEADING_IN]
    return len(others) <= (len(told) > len(others))
