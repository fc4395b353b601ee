"""The map of the API: every operation on one screen, with what it takes, gives and refuses."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from draftmill.accounts.users import BadEmail, OwnerOnly
from draftmill.content_types.styles import BadExamples
from draftmill.content_types.wanted import BadContentType
from draftmill.drafts.results import NoResults, TooManyResults
from draftmill.drafts.undone import DraftChanged
from draftmill.errors import NotFound
from draftmill.jobs.start import NoRecording, NothingToDoAgain, NotRetryable
from draftmill.jobs.wishes import (
    InstructionsTooLong,
    UnknownLanguage,
    UnknownStage,
    UnknownType,
)
from draftmill.models.catalogue import ModelTableBroken
from draftmill.models.kept import ModelGone
from draftmill.notifications.addresses import PrivateAddress
from draftmill.notifications.channels import NameTaken, NoMail, NoName, TooManyChannels
from draftmill.notifications.services import BadService
from draftmill.projects.details import TooLong
from draftmill.projects.fetching import ModelAtWork, NotEnoughDisk, NotEnoughMemory
from draftmill.speech.present import UnknownModel
from draftmill.transcripts.chapter_edits import BadChapter, NoPlace, StaleChapters
from draftmill.transcripts.corrections import BadCorrection, Contested
from draftmill.transcripts.edits import ChangedSince
from draftmill.transcripts.how_many import UnknownNumber
from draftmill.transcripts.sentence_edits import BadSentence, StaleSentence
from draftmill.transcripts.speaker_edits import BadName, StaleSpeakers
from draftmill.transcripts.vocabulary import BadVocabulary
from draftmill.trials.asking import TrialsWaiting
from draftmill.trials.at_hand import NotHere
from draftmill.web.api import (
    channel_shapes,
    channels,
    chapter_shapes,
    chapters,
    content_types,
    events,
    job_shapes,
    jobs,
    link_shapes,
    links,
    model_shapes,
    models,
    notice_shapes,
    notifications,
    project_shapes,
    projects,
    search,
    search_shapes,
    setting_shapes,
    settings,
    speaker_shapes,
    speakers,
    transcript_shapes,
    transcripts,
    type_shapes,
)
from draftmill.web.api.draft_routes import MOST_TEXT, OF_DRAFTS, PROJECT
from draftmill.web.api.openapi import document
from draftmill.web.api.operations import Operation
from draftmill.web.api.refusals import BROUGHT, REFUSED_MODEL, REFUSED_SETTINGS
from draftmill.web.streams import TooManyStreams
from draftmill.workers.postman import TestsWaiting

CHAPTER = PROJECT + "/chapters/{n}"
SPEAKER = PROJECT + "/speakers/{n}"
JOB = "/jobs/{job_id}"
CHANNEL = "/channels/{channel_id}"
CONTENT_TYPE = "/content-types/{content_type}"
MODEL = "/models/{name}"
MOST_PROJECT = 9 * 10**6  # bytes: a transcript as text has up to 8 MB
# fmt: off
OPERATIONS = (
    Operation("GET", JOB, "getJob", "A job as it stands",
              {200: job_shapes.Job, 304: None}, endpoint=jobs.status,
              headers=("If-None-Match",)),
    Operation("GET", JOB + "/events", "watchJob", "Its states, as server-sent events",
              {200: job_shapes.JobEvent, 204: None}, endpoint=events.events, media=events.MEDIA_TYPE,
              problems=(TooManyStreams,), headers=("Last-Event-ID",)),
    Operation("POST", JOB + "/cancel", "cancelJob", "Cancel it; an ended job stays as it is",
              {200: job_shapes.Job}, run=jobs.cancel, keyed=True),
    Operation("POST", JOB + "/retry", "retryJob", "Try a failed or cancelled job again",
              {202: job_shapes.Job, 200: job_shapes.Job}, run=jobs.retry,
              problems=(NotRetryable, NoRecording), keyed=True, nudges=True),
    Operation("GET", JOB + "/logs", "listJobLogs", "What it keeps for its user, oldest first",
              {200: job_shapes.LogPage}, run=jobs.logs, query=job_shapes.LogQuery),
    Operation("GET", "/jobs", "listJobs", "Your jobs, newest first",
              {200: job_shapes.JobPage}, run=jobs.list_all, query=job_shapes.JobQuery),
    Operation("POST", "/jobs/cancel", "cancelJobs", "Cancel all that match, running and waiting",
              {200: job_shapes.JobsChanged}, run=jobs.cancel_all, body=job_shapes.JobFilter, keyed=True),
    Operation("POST", "/jobs/retry", "retryJobs", "Try again all that match and failed",
              {202: job_shapes.JobsChanged}, run=jobs.retry_failed, body=job_shapes.JobFilter, keyed=True, nudges=True),
    Operation("POST", "/jobs/clear", "clearJobs", "Hide all that match and ended from the page of jobs",
              {200: job_shapes.JobsCleared}, run=jobs.clear_ended, body=job_shapes.JobFilter),
    Operation("POST", "/jobs/results", "linkResults", "A link to the results of many jobs, as one zip",
              {200: link_shapes.Link}, run=links.of_jobs, body=job_shapes.ResultsWanted,
              problems=(NotFound, NoResults, TooManyResults)),
    Operation("GET", "/projects", "listProjects", "Your projects, newest first",
              {200: project_shapes.ProjectPage}, run=projects.list_all, query=project_shapes.ProjectQuery),
    Operation("POST", "/projects", "createProject", "Bring a recording or a transcript",
              {201: project_shapes.ProjectWithJobs, 200: project_shapes.ProjectWithJobs},
              run=projects.create, prepare=projects.bring_one, body=project_shapes.NewProject, most=MOST_PROJECT,
              endpoint=projects.create_by_form, form=project_shapes.NewProjectForm,
              problems=BROUGHT, keyed=True, nudges=True),
    Operation("GET", PROJECT, "getProject", "A project and the newest job of each type",
              {200: project_shapes.ProjectWithJobs}, run=projects.get),
    Operation("PATCH", PROJECT, "changeProject", "Change its title and context",
              {200: project_shapes.ProjectWithJobs}, run=projects.change, body=project_shapes.ProjectChanges, most=MOST_TEXT,
              problems=(TooLong,)),
    Operation("DELETE", PROJECT, "deleteProject", "Move it to the bin; delete it for good if it is there",
              {204: None}, run=projects.delete, query=project_shapes.RemovalQuery),
    Operation("POST", PROJECT + "/restore", "restoreProject", "Take it out of the bin",
              {200: project_shapes.ProjectWithJobs}, run=projects.restore, nudges=True),
    Operation("GET", "/search", "search", "Titles, sentences and drafts that have all of some words",
              {200: search_shapes.SearchResult}, run=search.everywhere, query=search_shapes.SearchQuery),
    Operation("GET", "/bin", "listBin", "Your projects in the bin, the last one first",
              {200: project_shapes.BinPage}, run=projects.list_binned, query=project_shapes.BinQuery),
    Operation("DELETE", "/bin", "emptyBin", "Delete all that is in it for good",
              {204: None}, run=projects.empty_bin),
    Operation("POST", PROJECT + "/jobs", "startJob", "Start a job, unless one is at work",
              {202: job_shapes.Job, 200: job_shapes.Job}, run=jobs.start, body=job_shapes.NewJob,
              problems=(UnknownType, UnknownLanguage, UnknownStage, UnknownNumber, UnknownModel, InstructionsTooLong, NoRecording, NothingToDoAgain), keyed=True, nudges=True),
    *OF_DRAFTS,
    Operation("POST", PROJECT + "/transcript/link", "linkTranscript", "A link to the transcript as a file",
              {200: link_shapes.Link}, run=links.of_transcript, query=link_shapes.TranscriptLinkQuery),
    Operation("GET", PROJECT + "/segments", "listSegments", "The sentences of its transcript",
              {200: transcript_shapes.SegmentList}, run=transcripts.segments, query=transcript_shapes.SegmentQuery),
    Operation("PATCH", PROJECT + "/segments/{n}", "changeSegment", "Edit a sentence",
              {200: transcript_shapes.ChangedSegment}, run=transcripts.change, body=transcript_shapes.SegmentChange,
              problems=(BadSentence, StaleSentence)),
    Operation("GET", PROJECT + "/chapters", "listChapters", "The chapters of its transcript",
              {200: chapter_shapes.Chapters}, run=chapters.list_all),
    Operation("POST", PROJECT + "/chapters", "beginChapters", "Make the first chapter, of the whole transcript",
              {200: chapter_shapes.ChangedChapters}, run=chapters.begin, body=chapter_shapes.FirstChapter,
              problems=(BadChapter, NoPlace, StaleChapters)),
    Operation("PATCH", CHAPTER, "changeChapter", "Rename it, or let it start with another sentence",
              {200: chapter_shapes.ChangedChapters}, run=chapters.change, body=chapter_shapes.ChapterChanges,
              problems=(BadChapter, NoPlace, StaleChapters)),
    Operation("POST", CHAPTER + "/merge", "mergeChapter", "Make one of it and the next",
              {200: chapter_shapes.ChangedChapters}, run=chapters.merge, body=chapter_shapes.ChapterBase,
              problems=(StaleChapters,)),
    Operation("POST", CHAPTER + "/split", "splitChapter", "Let another chapter begin within it",
              {200: chapter_shapes.ChangedChapters}, run=chapters.split, body=chapter_shapes.NewChapter,
              problems=(BadChapter, NoPlace, StaleChapters)),
    Operation("DELETE", CHAPTER, "deleteChapter", "Delete it; its text stays",
              {200: chapter_shapes.ChangedChapters}, run=chapters.delete),
    Operation("GET", PROJECT + "/speakers", "listSpeakers", "Those who speak in its transcript",
              {200: speaker_shapes.Speakers}, run=speakers.list_all),
    Operation("POST", PROJECT + "/speakers/give", "giveSentences", "Say who said some sentences",
              {200: speaker_shapes.ChangedSpeakers}, run=speakers.give, body=speaker_shapes.GivenSentences,
              problems=(BadName, StaleSpeakers)),
    Operation("PATCH", SPEAKER, "nameSpeaker", "Name a speaker in all of their sentences",
              {200: speaker_shapes.ChangedSpeakers}, run=speakers.name, body=speaker_shapes.SpeakerName,
              problems=(BadName,)),
    Operation("POST", SPEAKER + "/merge", "mergeSpeaker", "Say that two are the same person",
              {200: speaker_shapes.ChangedSpeakers}, run=speakers.merge, body=speaker_shapes.MergedSpeaker),
    Operation("GET", PROJECT + "/transcript/changes", "listTranscriptChanges", "What was changed of its transcript",
              {200: transcript_shapes.TranscriptChangeList}, run=transcripts.changes),
    Operation("POST", PROJECT + "/transcript/changes/{change_id}/undo", "undoTranscriptChange", "Take a change back",
              {200: transcript_shapes.TranscriptChange}, run=transcripts.undo, problems=(ChangedSince,)),
    Operation("GET", PROJECT + "/transcript/left", "listLeftEdits", "Edits that a new transcription had no place for",
              {200: transcript_shapes.LeftEditList}, run=transcripts.left),
    Operation("POST", PROJECT + "/transcript/left/{edit_id}/apply", "applyLeftEdit", "Put one in the place of a sentence",
              {200: transcript_shapes.ChangedSegment}, run=transcripts.apply_left, body=transcript_shapes.AppliedEdit,
              problems=(BadSentence, StaleSentence)),
    Operation("DELETE", PROJECT + "/transcript/left/{edit_id}", "dropLeftEdit", "Show it no more",
              {204: None}, run=transcripts.drop_left),
    Operation("GET", PROJECT + "/corrections", "listCorrections", "Its corrections of misheard names",
              {200: transcript_shapes.CorrectionList}, run=transcripts.list_corrections),
    Operation("POST", PROJECT + "/corrections", "addCorrection", "Correct a misheard name everywhere",
              {201: transcript_shapes.Corrected}, run=transcripts.correct, body=transcript_shapes.NewCorrection,
              problems=(BadCorrection, Contested)),
    Operation("DELETE", PROJECT + "/corrections/{correction_id}", "removeCorrection", "What was heard stands there again",
              {200: transcript_shapes.Corrected}, run=transcripts.remove_correction, problems=(Contested,)),
    Operation("POST", PROJECT + "/corrections/{correction_id}/drafts", "applyCorrection", "Correct it in the drafts too",
              {200: transcript_shapes.AppliedCorrection}, run=transcripts.apply_to_drafts),
    Operation("POST", PROJECT + "/corrections/drafts/undo", "takeBackAppliedCorrection", "Show the versions from before again",
              {204: None}, run=transcripts.take_back_applied, body=transcript_shapes.AppliedCorrection,
              problems=(DraftChanged,)),
    Operation("POST", PROJECT + "/suggestions/dismiss", "dismissSuggestion", "Suggest it no more, or again",
              {204: None}, run=transcripts.dismiss, body=transcript_shapes.DismissedSuggestion,
              problems=(BadCorrection,)),
    Operation("GET", PROJECT + "/suggestions", "listSuggestions", "Names that may be misheard",
              {200: transcript_shapes.SuggestionList}, run=transcripts.suggest),
    Operation("GET", "/vocabulary", "getVocabulary", "Your own names and terms",
              {200: transcript_shapes.Vocabulary}, run=transcripts.terms),
    Operation("PUT", "/vocabulary", "setVocabulary", "Have these in their place",
              {200: transcript_shapes.Vocabulary}, run=transcripts.set_terms, body=transcript_shapes.Vocabulary,
              problems=(BadVocabulary,)),
    Operation("GET", "/content-types", "listContentTypes", "The kinds of draft, in their order",
              {200: type_shapes.ContentTypeList}, run=content_types.list_all),
    Operation("POST", "/content-types", "addContentType", "Add a kind of draft; only the owner may",
              {201: type_shapes.ContentType}, run=content_types.add, body=type_shapes.NewContentType, most=MOST_TEXT,
              problems=(OwnerOnly, BadContentType)),
    Operation("GET", CONTENT_TYPE, "getContentType", "A kind of draft",
              {200: type_shapes.ContentType}, run=content_types.get),
    Operation("PATCH", CONTENT_TYPE, "changeContentType", "Change, switch or move it; only the owner may",
              {200: type_shapes.ContentType}, run=content_types.change, body=type_shapes.ContentTypeChanges, most=MOST_TEXT,
              problems=(OwnerOnly, BadContentType)),
    Operation("DELETE", CONTENT_TYPE, "deleteContentType", "Delete it; what was written with it stays",
              {204: None}, run=content_types.delete, problems=(OwnerOnly,)),
    Operation("GET", CONTENT_TYPE + "/prompts", "listPrompts", "The versions of its prompt, newest first",
              {200: type_shapes.PromptList}, run=content_types.prompts),
    Operation("GET", CONTENT_TYPE + "/style", "getStyle", "Your own texts, as examples of how you write",
              {200: type_shapes.Style}, run=content_types.style),
    Operation("PUT", CONTENT_TYPE + "/style", "setStyle", "Have these texts in their place",
              {200: type_shapes.Style}, run=content_types.keep_style, body=type_shapes.Style, most=MOST_TEXT,
              problems=(BadExamples,)),
    Operation("GET", "/settings", "getSettings", "What writes and what listens; only the owner may",
              {200: setting_shapes.SettingList}, run=settings.read, problems=(OwnerOnly,)),
    Operation("PATCH", "/settings", "changeSettings", "Choose others, for the next job",
              {200: setting_shapes.SettingList}, run=settings.change,
              body=setting_shapes.SettingsChange, problems=REFUSED_SETTINGS),
    *(Operation("POST", f"/settings/{part}/try", f"try{part.title()}", f"Try what is to do the {part}, and store nothing",
                {200: setting_shapes.Trial}, run=settings.try_out(part),
                body=setting_shapes.SettingsChange, problems=(*REFUSED_SETTINGS, TrialsWaiting, NotHere, ModelGone))
      for part in ("writing", "listening")),
    *(Operation("POST", f"/settings/{part}/look", f"lookFor{part.title()}", "The models of a server, or the servers of this machine",
                {200: setting_shapes.Look}, run=settings.look(part),
                body=setting_shapes.WhereToLook, problems=(*REFUSED_SETTINGS, TrialsWaiting))
      for part in ("writing", "listening")),
    Operation("GET", "/models", "listModels", "The models of this machine, and those that can be had",
              {200: model_shapes.ModelList}, run=models.list_all, problems=(OwnerOnly, ModelTableBroken)),
    Operation("POST", MODEL + "/get", "getModel", "Download it, unless that is at work",
              {202: job_shapes.Job, 200: job_shapes.Job}, run=models.get, keyed=True, nudges=True,
              problems=(*REFUSED_MODEL, NotEnoughMemory, NotEnoughDisk)),
    Operation("POST", MODEL + "/cancel", "cancelModel", "Cancel its download; what has come is deleted",
              {200: job_shapes.Job}, run=models.cancel, problems=(OwnerOnly,), keyed=True),
    Operation("DELETE", MODEL, "deleteModel", "Delete its files from this machine",
              {204: None}, run=models.delete, problems=(*REFUSED_MODEL, ModelAtWork)),
    Operation("GET", "/notifications", "listNotifications", "What ended, newest first",
              {200: notice_shapes.NotificationPage}, run=notifications.list_all, query=notice_shapes.NotificationQuery),
    Operation("POST", "/notifications/read", "readNotifications", "Mark all as read",
              {200: notice_shapes.NotificationsRead}, run=notifications.read_all),
    Operation("POST", "/notifications/{notification_id}/read", "readNotification", "Mark one as read",
              {200: notice_shapes.Notification}, run=notifications.read),
    Operation("GET", "/channels", "listChannels", "Where else you are told of what ended",
              {200: channel_shapes.ChannelList}, run=channels.list_all),
    Operation("POST", "/channels", "addChannel", "Add an e-mail address, a service or a webhook",
              {201: channel_shapes.AddedChannel}, run=channels.add, body=channel_shapes.NewChannel,
              problems=(BadService, BadEmail, NoMail, PrivateAddress, NoName, NameTaken, TooManyChannels)),
    Operation("DELETE", CHANNEL, "removeChannel", "Remove it, with what was still to be sent",
              {204: None}, run=channels.remove),
    Operation("POST", CHANNEL + "/test", "testChannel", "Send a test now, and say what came of it",
              {200: channel_shapes.Delivery}, run=channels.test, problems=(TestsWaiting,)),
    Operation("GET", CHANNEL + "/deliveries", "listDeliveries", "What was sent by it, newest first",
              {200: channel_shapes.DeliveryList}, run=channels.deliveries),
    Operation("GET", "/preferences", "getPreferences", "Where you are told, and of what",
              {200: channel_shapes.Preferences}, run=channels.preferences),
    Operation("PUT", "/preferences", "setPreferences", "Be told elsewhere, or of other things",
              {200: channel_shapes.Preferences}, run=channels.change_preferences, body=channel_shapes.Preferences),
)
# fmt: on


def _routes() -> list[Route]:
    """One route for each path, so that a wrong method is told all that there are."""
    paths: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = operation
    return [
        Route(path, _by_method(methods), methods=sorted(methods), name=path)
        for path, methods in paths.items()
    ]


def _by_method(methods: Mapping[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await methods[method](request)

    return answer


OPENAPI = document(OPERATIONS)


async def openapi(request: Request) -> Response:
    """GET the description of all this, for tools; it needs no token."""
    return JSONResponse(OPENAPI, headers={"Cache-Control": "no-cache"})


ROUTES = [*_routes(), Route("/openapi.json", openapi)]
