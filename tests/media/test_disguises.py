"""What must open nothing else: playlists in disguise, and films whose sound is elsewhere."""

import av
import pytest

from draftmill.media import refusals
from draftmill.media.audio import AudioDecoder
from draftmill.media.probe import probe
from tests.support import media_files as files
from tests.support.tripwires import listening, watched

PLAYLISTS = {
    "concat": "ffconcat version 1.0\nfile {file}\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{file}\n#EXT-X-ENDLIST\n",
    "hls of an address": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
    "dash": '<?xml version="1.0"?>\n<MPD type="static"><BaseURL>http://127.0.0.1:{port}/</BaseURL></MPD>',
    "pls": "[playlist]\nFile1={file}\nNumberOfEntries=1\n",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("name", ["talk.mp4", "talk.wav"])
def test_a_playlist_in_disguise_opens_nothing_else(kind: str, name: str) -> None:
    secret = files.tone("secret.wav")
    with watched(secret) as file, listening() as (port, address):
        text = PLAYLISTS[kind].format(file=secret, port=port)
        crafted = files.written(name, text.encode())
        with pytest.raises(refusals.DisguisedPlaylist):
            probe(crafted, 12)
        with pytest.raises(av.FFmpegError):
            list(AudioDecoder(crafted, track=0))
        assert not file.touched
        assert not address.touched


def test_a_film_with_sound_elsewhere_opens_nothing_else() -> None:
    secret = files.tone("secret.wav")
    crafted = files.outside_reference(secret)
    with watched(secret) as file, av.open(str(crafted), options={"enable_drefs": "1"}):
        assert file.touched  # the film is crafted well
    with watched(secret) as file:
        try:
            probe(crafted, 12)
            list(AudioDecoder(crafted))
        except (refusals.RefusedRecording, av.FFmpegError):
            pass
        assert not file.touched
