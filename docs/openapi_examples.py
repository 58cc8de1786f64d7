"""Writes the examples of the API's description: ``python docs/openapi_examples.py``, two minutes.

Composes the demo, scans it, starts a server and asks it everything once. Kept is what it has answered, long lists cut
to three entries, the temporary folder named /music.
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))
API = "/api/v1"
MOST = 3  # entries of a list
SECRET = re.compile(r"(em_\w{8}_|whsec_|signature=)[\w+/=%-]{32,50}")
WHERE = {"field": "duration", "op": "gt", "value": 20}


def main() -> None:
    """Ask, and write down what was answered."""
    from earmark.demo import files, render
    from earmark.library import Catalogue
    from earmark.server.description import EXAMPLES
    from live_server import LiveServer

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {name: str(Path(folder) / name) for name in ("EARMARK_SERVER", "EARMARK_MEDIA")}
        music, path = Path(folder) / "music", Path(folder) / "catalogue"
        files.write(music, render)
        song = next(path for path in music.iterdir() if "nocturne" in path.name.lower())
        song.with_suffix(".txt").write_text("The night is long, the lake is still,\nand nobody is awake.\n")
        Catalogue(path).scan(music)
        server = LiveServer(path, "--webhook-host", "127.0.0.1", "--media-host", "127.0.0.1", "--write-files")
        try:
            with server.client() as client:
                found = {name: answer.json() for name, answer in ask(client).items()}
        finally:
            server.end()
        text = json.dumps(short(found), indent=1, ensure_ascii=False).replace(str(music), "/music")
    EXAMPLES.write_text(SECRET.sub(r"\1...", text) + "\n", encoding="utf-8")


def ask(client: httpx.Client) -> dict[str, httpx.Response]:
    """Operation -> an answer of each that answers with JSON."""
    found = asked_of_catalogue(client)
    track = client.get(f"{API}/tracks", params={"q": "nocturne"}).json()["items"][0]["track_id"]
    return (
        found
        | asked_of_track(client, track)
        | asked_of_lists(client, track)
        | asked_of_map(client)
        | asked_of_lessons(client)
        | asked_of_work(client)
        | asked_of_keys(client)
        | asked_of_webhooks(client)
        | asked_of_tags(client)
        | asked_of_servers(client)
    )


def asked_of_catalogue(client: httpx.Client) -> dict[str, httpx.Response]:
    """What the catalogue as a whole answers."""
    names = "health version failures warnings tags models duplicates".split()
    return {name: client.get(f"{API}/{name}") for name in names} | {
        "discovery": client.get(API),
        "overview": client.get(f"{API}/catalogue", params={"facets": "genre"}),
        "list_tracks": client.get(f"{API}/tracks", params={"limit": 1, "q": "nocturne"}),
        "search_tracks": client.post(f"{API}/tracks:search", json={"filter": WHERE, "fields": ["title"], "limit": 2}),
    }


def asked_of_track(client: httpx.Client, track: str) -> dict[str, httpx.Response]:
    """What is answered about one track."""
    base = f"{API}/tracks/{track}"
    seeds = {"seeds": [{"track": track}], "limit": 1}
    other = client.post(f"{API}/similar", json=seeds).json()["items"][0]["track_id"]
    return {
        "resolve": client.get(f"{API}/resolve", params={"track": "Nocturne in A Minor"}),
        "show_track": client.get(base),
        "curves": client.get(f"{base}/curves", params={"tags": "instrument/piano"}),
        "evidence": client.get(f"{base}/evidence", params={"tag": "instrument/piano"}),
        "embedding": client.get(f"{base}/embedding"),
        "lyrics": client.get(f"{base}/lyrics"),
        "jams": client.get(f"{base}/jams"),
        "sign_audio": client.post(f"{base}/audio:sign", json={"seconds": 600}),
        "waveform": client.get(f"{base}/waveform", params={"points": 3}),
        "similar": client.post(f"{API}/similar", json=seeds),
        "why_like": client.get(f"{base}/why", params={"like": other}),
        "similar_to_track": client.get(f"{base}/similar", params={"limit": 1, "where": "duration > 10"}),
        "correct": client.patch(f"{base}/corrections", json={"tempo": 132}),
        "corrections": client.get(f"{base}/corrections"),
    }


def asked_of_lists(client: httpx.Client, track: str) -> dict[str, httpx.Response]:
    """What is answered about playlists and ways."""
    recipe = {"like": [track], "rules": {"tracks": 3}, "order": {"by": "harmonic"}}
    made = client.post(f"{API}/playlists", json={"name": "Evening", "recipe": recipe})
    base = made.headers["location"]
    song = {"name": "Nocturne in A Minor"}
    ends = [item["track_id"] for item in client.get(f"{API}/tracks", params={"limit": 2}).json()["items"]]
    return {
        "find_tracks": client.post(f"{API}/search", json={"text": "slow piano, no drums", "limit": 1}),
        "path_between": client.post(f"{API}/paths", json={"start": ends[0], "end": ends[1], "count": 3}),
        "songs_like": client.post(f"{API}/interop/navidrome/similar", json={"song": song, "count": 1}),
        "path_of_songs": client.post(
            f"{API}/interop/navidrome/path", json={"startSong": song, "endSong": {"name": "Level One"}, "count": 3}
        ),
        "make_playlist": made,
        "import_playlist": client.post(
            f"{API}/playlists:import", params={"file": "set.m3u8"}, content=b"nobody.mp3\nNocturne in A Minor\n"
        ),
        "show_playlist": client.get(base),
        "change_playlist": client.patch(base, json={"lock": [1]}),
        "refresh_playlist": client.post(f"{base}:refresh", json={"dry_run": True}),
        "look_for_playlist": client.get(f"{base}/places"),
        "list_playlists": client.get(f"{API}/playlists"),
    }


def asked_of_map(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about the map."""
    from live_server import finished

    job = client.post(f"{API}/map:build", json={})
    finished(client, job.json())
    return {
        "build_map": job,
        "show_map": client.get(f"{API}/map"),
        "map_colours": client.get(f"{API}/map/colours", params={"field": "tempo"}),
    }


def asked_of_lessons(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about tags of one's own."""
    first, second, *rest = (t["track_id"] for t in client.get(f"{API}/tracks", params={"limit": 4}).json()["items"])
    base = f"{API}/lessons"
    return {
        "teach": client.put(f"{base}/campfire", json={"yes": [first, second], "no": rest}),
        "show_lesson": client.get(f"{base}/campfire"),
        "list_lessons": client.get(base),
        "next_examples": client.get(f"{base}/campfire/next", params={"limit": 1}),
    }


def asked_of_work(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about jobs."""
    from live_server import finished

    scan = client.post(f"{API}/scans", json={})
    finished(client, scan.json())
    again = client.post(f"{API}/failures:retry")
    finished(client, again.json())
    export = client.post(f"{API}/exports", json={"format": "csv", "where": "duration > 20"})
    finished(client, export.json())
    analysis = client.post(f"{API}/analyses", params={"name": "song.flac"}, content=b"no song")
    paused = client.post(f"{API}/exports", json={})
    own = f"{API}/jobs/{paused.json()['id']}"
    return {
        "scan": scan,
        "retry": again,
        "export": export,
        "analyse": analysis,
        "show_job": client.get(f"{API}/jobs/{export.json()['id']}"),
        "sign_result": client.post(f"{API}/jobs/{export.json()['id']}/result:sign", json={}),
        "change_job": client.patch(own, json={"state": "paused"}),
        "end_job": client.delete(own),
        "list_jobs": client.get(f"{API}/jobs"),
    }


def asked_of_tags(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about tags in files."""
    from live_server import finished

    made = client.post(f"{API}/tag-plans", json={"q": "nocturne", "profile": "beets"})
    base = f"{API}/tag-plans/{finished(client, made.json())['result']['plan']}"
    applied = client.post(f"{base}:apply", json={"keep_times": True})
    finished(client, applied.json())
    shown, listed = client.get(base), client.get(f"{API}/tag-plans")
    undone = client.post(f"{base}:undo")
    finished(client, undone.json())
    return {
        "tag_profiles": client.get(f"{API}/tag-profiles"),
        "make_tag_plan": made,
        "apply_tag_plan": applied,
        "show_tag_plan": shown,
        "list_tag_plans": listed,
        "undo_tag_plan": undone,
    }


def asked_of_keys(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about keys."""
    made = client.post(f"{API}/keys", json={"name": "player", "scopes": ["read", "audio"], "days": 90})
    return {
        "create_key": made,
        "list_keys": client.get(f"{API}/keys"),
        "session": client.get(f"{API}/session"),
        "open_session": client.post(f"{API}/session"),
    }


def asked_of_webhooks(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about webhooks."""
    wanted = {"url": "http://127.0.0.1:9/hook", "types": ["job.finished", "track.analysed"]}
    made = client.post(f"{API}/webhooks", json=wanted)
    base = made.headers["location"]
    return {
        "create_webhook": made,
        "try_webhook": client.post(f"{base}:test"),
        "list_deliveries": client.get(f"{base}/deliveries"),
        "rotate_webhook": client.post(f"{base}:rotate"),
        "change_webhook": client.patch(base, json={"enabled": False}),
        "show_webhook": client.get(base),
        "list_webhooks": client.get(f"{API}/webhooks"),
    }


def asked_of_servers(client: httpx.Client) -> dict[str, httpx.Response]:
    """What is answered about media servers; the one that is asked is a small one of our own."""
    from earmark.interop.servers.songs import Song
    from live_server import finished
    from media_servers import SECRET, USER, media_server

    (first, *_), lists = client.get(f"{API}/tracks").json()["items"], client.get(f"{API}/playlists").json()["items"]
    with media_server("navidrome", [Song("s1", first["title"], first["artist"], duration=first["duration"])]) as media:
        wanted = {"name": "home", "kind": "navidrome", "url": media.base, "user": USER, "secret": SECRET}
        made = client.post(f"{API}/servers", json=wanted)
        base = made.headers["location"]
        jobs = {name: client.post(f"{base}:{name}", json={"playlist": lists[0]["id"]}) for name in ("match", "push")}
        for job in jobs.values():
            finished(client, job.json())
        tried = client.post(f"{base}:test")
    return {
        "create_server": made,
        "try_server": tried,
        "match_playlist": jobs["match"],
        "push_playlist": jobs["push"],
        "show_server": client.get(base),
        "list_servers": client.get(f"{API}/servers"),
        "change_server": client.patch(base, json={"roots": ["/music=/data/music"]}),
    }


def short(value):
    """The same with the first entries of every list alone."""
    if isinstance(value, dict):
        return {name: short(part) for name, part in value.items()}
    return [short(part) for part in value[:MOST]] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
