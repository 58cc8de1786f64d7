def test_a_waveform_and_tiles(client, ids):
    base = f"/api/v1/tracks/{ids['Low']}"
    found = client.get(f"{base}/waveform", params={"points": 10}).json()
    assert found["seconds"] == 1.5
    assert len(found["values"]) == 10
    assert max(found["values"]) == 255
    assert found["values"][1] < found["values"][-2]  # it swells
    tile = client.get(f"{base}/spectrogram", params={"start": 0, "end": 1, "width": 64})
    assert tile.headers["content-type"] == "image/png"
    assert tile.content.startswith(b"\x89PNG")
    again = client.get(f"{base}/spectrogram", params={"start": 0, "end": 1, "width": 64},
                       headers={"If-None-Match": tile.headers["etag"]})  # fmt: skip
    assert again.status_code == 304
    assert client.get(f"{base}/spectrogram", params={"width": 100_000}).status_code == 422
    assert client.get(f"{base}/spectrogram", params={"start": "nan"}).status_code in (400, 422)
    assert client.get(f"{base}/spectrogram", params={"start": 5, "end": 1}).status_code == 400


def test_sound_is_written_anew_for_browsers_that_do_not_know_its_file(live, client, ids):
    base = f"/api/v1/tracks/{ids['Low']}/audio"
    with live.client("audio") as listener:
        whole = listener.get(base, params={"format": "flac"})
        assert whole.headers["content-type"] == "audio/flac"
        assert whole.content.startswith(b"fLaC")
        part = listener.get(base, params={"format": "flac"}, headers={"Range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, whole.content[100:200])
        assert listener.get(base, params={"format": "mp3"}).status_code == 422
        assert listener.get(f"/api/v1/tracks/{'0' * 20}/audio", params={"format": "flac"}).status_code == 404
    with live.client("read") as reader:
        assert reader.get(base, params={"format": "flac"}).status_code == 403


def test_sound_needs_its_own_scope(live, ids):
    with live.client("read") as client:
        assert client.get(f"/api/v1/tracks/{ids['Low']}/audio").status_code == 403
    with live.client("audio") as client:
        assert client.get(f"/api/v1/tracks/{ids['Low']}/audio").status_code == 200
        assert client.get(f"/api/v1/tracks/{ids['Low']}").status_code == 403
