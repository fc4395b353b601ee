"""Why a recording is not accepted: what is wrong with the file, and what to do about it."""

from draftmill.errors import Problem


class RefusedRecording(Problem):
    """A file that no pipeline can begin with. Nothing of it is kept."""

    code = "refused_recording"
    default_message = "This file cannot be used as a recording."
    default_hint = "Try another file."


class NotARecording(RefusedRecording):
    code = "not_media"
    status = 415
    default_message = "This is not an audio or video file that Draftmill can read."
    default_hint = "Choose a recording such as an MP4, MOV, MKV, WebM, MP3, M4A, WAV, FLAC or OGG."


class DisguisedPlaylist(RefusedRecording):
    code = "playlist"
    status = 415
    default_message = "This file is a playlist: it only points to recordings kept elsewhere."
    default_hint = "Choose the recording itself."


class EmptyFile(RefusedRecording):
    code = "empty_file"
    default_message = "The file is empty."
    default_hint = "Look whether the recording was saved, then choose it again."


class EndMissing(RefusedRecording):
    code = "end_missing"
    default_message = "The end of the file is missing: the upload or the recording was cut."
    default_hint = "Copy the file again from where it was recorded, or repair it there."


class Damaged(RefusedRecording):
    code = "damaged"
    default_message = "The file begins like a recording but cannot be read: it is damaged."
    default_hint = "Copy the file again from where it was recorded, or save it in another format."


class NoAudioTrack(RefusedRecording):
    code = "no_audio"
    default_message = "The recording has no audio track, so there is nothing to transcribe."
    default_hint = "Record it with sound, or bring a transcript instead."


class Encrypted(RefusedRecording):
    code = "encrypted"
    default_message = "The recording is encrypted (copy protection), so it cannot be read."
    default_hint = "Choose a copy without protection."


class TooLong(RefusedRecording):
    code = "too_long"
    default_message = "The recording is longer than this Draftmill accepts."
    default_hint = "Cut it into parts, or raise DRAFTMILL_MAX_HOURS and start Draftmill again."


class NoSamples(RefusedRecording):
    code = "no_samples"
    default_message = "No sound could be decoded from this file: it is damaged or not a recording."
    default_hint = "Play it on your computer first; if that works, save it as MP4, MP3 or WAV."


class ProbeFailed(RefusedRecording):
    code = "probe_failed"
    default_message = "The file could not be examined: reading it did not come to an end."
    default_hint = "It may be damaged. Save it in another format, or try again."


class Unreadable(RefusedRecording):
    code = "unreadable"
    default_message = "The file cannot be opened."
    default_hint = "Check that it exists and that Draftmill may read it."


BY_CODE: dict[str, type[RefusedRecording]] = {
    kind.code: kind for kind in RefusedRecording.__subclasses__()
}
