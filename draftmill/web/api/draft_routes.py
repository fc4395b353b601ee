"""The part of the API's map that is about drafts and their pictures: a row an operation."""

from draftmill.drafts.checking import BadDraft, DraftTooLong, TooManyPosts
from draftmill.drafts.editing import StaleBase
from draftmill.drafts.parts import PartGone
from draftmill.drafts.placing import NoPictures
from draftmill.drafts.taking import DifferenceGone
from draftmill.jobs.wishes import InstructionsTooLong, NobodyToInstruct
from draftmill.projects.frames import NoPicture, PicturesWaiting, TooManyChosen
from draftmill.web.api import (
    draft_shapes,
    drafts,
    evidence_shapes,
    job_shapes,
    link_shapes,
    links,
    part_shapes,
    parts,
    screenshot_shapes,
    screenshots,
    version_shapes,
    versions,
)
from draftmill.web.api.operations import Operation

PROJECT = "/projects/{project_id}"
DRAFT = PROJECT + "/drafts/{type}"
VERSION = DRAFT + "/versions/{n}"
MOST_TEXT = 4 * 2**20  # bytes: JSON may have six for a letter
# fmt: off
OF_DRAFTS = (
    Operation("GET", PROJECT + "/drafts", "listDrafts", "Its drafts",
              {200: draft_shapes.DraftList}, run=drafts.list_all),
    Operation("GET", DRAFT, "getDraft", "The current text",
              {200: draft_shapes.Draft, 304: None}, run=drafts.get, headers=("If-None-Match",)),
    Operation("GET", DRAFT + "/evidence", "getEvidence", "What each block of the current text rests on",
              {200: evidence_shapes.Evidence}, run=drafts.evidence),
    Operation("POST", DRAFT + "/link", "linkDraft", "A link to the draft as a file",
              {200: link_shapes.Link}, run=links.of_draft, query=link_shapes.DraftLinkQuery),
    Operation("GET", DRAFT + "/parts", "listParts", "Its parts, and what is offered in their place",
              {200: part_shapes.Parts}, run=parts.list_all),
    Operation("POST", DRAFT + "/parts", "startPart", "Have a part written again",
              {202: job_shapes.Job, 200: job_shapes.Job}, run=parts.start, body=part_shapes.NewPart,
              problems=(PartGone, InstructionsTooLong, NobodyToInstruct), keyed=True, nudges=True),
    Operation("POST", DRAFT + "/parts/{offer_id}/take", "takePart", "Put what is offered in the part's place",
              {200: draft_shapes.Draft}, run=parts.take, body=part_shapes.TakenPart, problems=(PartGone,)),
    Operation("DELETE", DRAFT + "/parts/{offer_id}", "dropPart", "Offer it no more",
              {204: None}, run=parts.drop),
    Operation("POST", DRAFT + "/parts/{offer_id}/offer", "offerPart", "Offer again what was dropped or taken",
              {204: None}, run=parts.offer_again),
    Operation("PUT", DRAFT, "saveDraft", "Save a person's text as a version",
              {200: draft_shapes.Draft}, run=drafts.save, body=draft_shapes.NewText, most=MOST_TEXT,
              problems=(BadDraft, DraftTooLong, TooManyPosts, StaleBase, drafts.NoBase),
              headers=("If-Match",)),
    Operation("GET", DRAFT + "/versions", "listVersions", "Every text that it has had, newest first",
              {200: version_shapes.VersionPage}, run=versions.list_all, query=version_shapes.VersionQuery),
    Operation("GET", DRAFT + "/versions/compare", "compareVersions", "What differs between two of them, word by word",
              {200: version_shapes.Comparison}, run=versions.compare, query=version_shapes.ComparisonQuery),
    Operation("GET", VERSION, "getVersion", "One of them with its text",
              {200: version_shapes.WholeVersion}, run=versions.get),
    Operation("POST", VERSION + "/restore", "restoreVersion", "Go on with it",
              {200: draft_shapes.Draft}, run=versions.restore, problems=(TooManyPosts,)),
    Operation("POST", VERSION + "/decline", "declineVersion", "Offer this text by the writer no more",
              {200: draft_shapes.Draft}, run=versions.decline),
    Operation("POST", VERSION + "/offer", "offerVersion", "Offer it again",
              {200: draft_shapes.Draft}, run=versions.offer_again),
    Operation("POST", VERSION + "/take", "takeDifference", "Take one paragraph, post or title of it",
              {200: draft_shapes.Draft}, run=versions.take, body=version_shapes.TakenDifference,
              problems=(DifferenceGone, TooManyPosts)),
    Operation("POST", DRAFT + "/pictures", "placePicture", "Show a screenshot in it, or another in its place",
              {200: draft_shapes.Draft}, run=screenshots.put, body=screenshot_shapes.PlacedPicture,
              problems=(NoPictures, DraftTooLong)),
    Operation("GET", PROJECT + "/screenshots", "listScreenshots", "The pictures of its recording",
              {200: screenshot_shapes.Screenshots}, run=screenshots.list_all),
    Operation("POST", PROJECT + "/screenshots", "chooseFrame", "Keep what it shows at a second",
              {201: screenshot_shapes.Screenshot}, run=screenshots.choose, body=screenshot_shapes.ChosenFrame,
              problems=(NoPicture, PicturesWaiting, TooManyChosen)),
    Operation("GET", PROJECT + "/screenshots/{n}", "getScreenshot", "One of them, as JPEG",
              {200: None}, run=screenshots.get, query=screenshot_shapes.PictureQuery, media=screenshots.JPEG),
    Operation("GET", PROJECT + "/frames/{second}", "getFrame", "What it shows at a second, as JPEG",
              {200: None}, run=screenshots.frame, problems=(NoPicture, PicturesWaiting), media=screenshots.JPEG),
)
# fmt: on
