"""What operations refuse with that are many of a kind."""

from draftmill.accounts.users import OwnerOnly
from draftmill.choices.checks import BadChoice
from draftmill.choices.checks import Incomplete as IncompleteSettings
from draftmill.choices.stored import SetElsewhere
from draftmill.errors import DiskFull, NotFound, Problem
from draftmill.jobs.wishes import UnknownLanguage, UnknownType
from draftmill.media.refusals import BY_CODE
from draftmill.models.catalogue import ModelTableBroken, ModelUnknown
from draftmill.projects.bring import NothingBrought, TwoSources
from draftmill.projects.details import TooLong
from draftmill.transcripts import formats
from draftmill.transcripts.how_many import UnknownNumber
from draftmill.transcripts.reader import TranscriptsWaiting, TranscriptTooHard
from draftmill.uploads import multipart
from draftmill.uploads.form import TextTooLong
from draftmill.uploads.receiving import Locked
from draftmill.uploads.resumable import Incomplete, OtherFile
from draftmill.uploads.sink import TooLarge

REFUSED_MODEL = (OwnerOnly, ModelUnknown, ModelTableBroken)
REFUSED_SETTINGS = (OwnerOnly, BadChoice, IncompleteSettings, SetElsewhere)
BROUGHT: tuple[type[Problem], ...] = (
    *(UnknownType, TooLong, UnknownLanguage, UnknownNumber, NothingBrought, TwoSources),
    *(NotFound, Incomplete, OtherFile, Locked),
    *(multipart.BadForm, multipart.CutUpload),
    *(TooLarge, DiskFull, TextTooLong),
    *formats.REFUSALS.values(),
    *(TranscriptTooHard, TranscriptsWaiting),
    *BY_CODE.values(),
)
