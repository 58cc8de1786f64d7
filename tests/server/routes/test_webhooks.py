"""Webhooks of a live server, told to a live receiver, whose signatures another library checks."""

import http.server
import json
import time

import pytest
import standardwebhooks

from catalogues import write_music
from live_server import finished
from local_servers import running


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((body, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.statuses = [], []
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    with running(server):
        yield server


def told(receiver, n):
    for _ in range(1200):
        if len(receiver.seen) >= n:
            break
        time.sleep(0.05)
    return receiver.seen


def test_what_happens_is_told_signed_and_listed(live_copy, receiver, ids, tmp_path):
    server = live_copy("--webhook-host", "127.0.0.1")
    wanted = {"url": receiver.url, "types": ["track.corrected", "track.analysed", "track.failed", "job.finished"]}
    with server.client() as admin:
        made = admin.post("/api/v1/webhooks", json=wanted)
        assert made.status_code == 201, made.text
        hook, base = made.json(), made.headers["location"]
        checker = standardwebhooks.Webhook(hook["secret"])
        admin.patch(f"/api/v1/tracks/{ids['Low']}/corrections", json={"tempo": 92})
        body, headers = told(receiver, 1)[0]
        assert checker.verify(body, headers)["data"] == {"ids": [ids["Low"]]}

        music = write_music(tmp_path / "more", ["one", "two"])
        (music / "broken.mp3").write_bytes(b"ID3" + b"\0" * 4000)
        assert (
            finished(admin, admin.post("/api/v1/scans", json={"folders": [str(music)]}).json())["state"] == "succeeded"
        )
        news = [json.loads(body) for body, _ in told(receiver, 4)[1:]]
        by_type = {message["type"]: message["data"] for message in news}
        assert len(by_type["track.analysed"]["ids"]) == 2
        assert not set(by_type["track.analysed"]["ids"]) & set(ids.values())
        assert by_type["track.failed"]["paths"] == [str(music / "broken.mp3")]
        assert by_type["job.finished"]["state"] == "succeeded"

        fresh = admin.post(f"{base}:rotate").json()["secret"]
        tried = admin.post(f"{base}:test").json()
        assert (tried["state"], tried["type"]) == ("delivered", "webhook.test")
        for secret in (hook["secret"], fresh):
            standardwebhooks.Webhook(secret).verify(*receiver.seen[-1])
        listed = admin.get(f"{base}/deliveries").json()["items"]
        assert listed[0]["id"] == tried["id"]
        assert {delivery["state"] for delivery in listed} == {"delivered"}
        assert not any(secret in admin.get(path).text for secret in (fresh, hook["secret"])
                       for path in ("/api/v1/webhooks", base, f"{base}/deliveries"))  # fmt: skip


def test_what_has_failed_is_told_again_also_after_a_restart(live_copy, receiver, ids):
    server = live_copy("--webhook-host", "127.0.0.1")
    receiver.statuses = [503]
    with server.client() as admin:
        base = admin.post("/api/v1/webhooks", json={"url": receiver.url, "types": ["track.corrected"]}).headers[
            "location"
        ]
        admin.patch(f"/api/v1/tracks/{ids['Low']}/corrections", json={"tempo": 92})
        told(receiver, 1)
        while not admin.get(f"{base}/deliveries").json()["items"][0]["attempts"]:  # noted after the answer has come
            time.sleep(0.02)
    server.kill()
    with live_copy("--webhook-host", "127.0.0.1").client() as admin:
        first, second = told(receiver, 2)[:2]
        assert first[1]["webhook-id"] == second[1]["webhook-id"]
        assert first[0] == second[0]
        for _ in range(100):
            (delivery,) = admin.get(f"{base}/deliveries").json()["items"]
            if delivery["state"] == "delivered":
                break
            time.sleep(0.05)
        assert [attempt["status"] for attempt in delivery["attempts"]] == [503, 204]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://127.0.0.1:8340/", 422), ("http://[::1]/", 422), ("http://169.254.169.254/latest/meta-data", 422),
        ("http://10.0.0.1/", 422), ("http://[::ffff:127.0.0.1]/", 422), ("file:///etc/passwd", 422),
        ("http://user:word@example.org/", 422), ("https://example.org/hook", 201),
    ],
)  # fmt: skip
def test_where_a_webhook_may_not_lead(client, url, status):
    answer = client.post("/api/v1/webhooks", json={"url": url, "types": ["job.finished"]})
    assert answer.status_code == status, answer.text
    if status == 201:
        assert client.delete(answer.headers["location"]).status_code == 204


def test_a_name_of_this_machine_is_refused_when_it_is_told(client, receiver):
    url = receiver.url.replace("127.0.0.1", "localhost")
    base = client.post("/api/v1/webhooks", json={"url": url, "types": ["job.finished"]}).headers["location"]
    tried = client.post(f"{base}:test").json()
    assert tried["state"] == "failed"
    assert "private network" in tried["attempts"][0]["problem"]
    assert receiver.seen == []
    changed = client.patch(base, json={"enabled": False}).json()
    assert changed["enabled"] is False
    assert client.post(f"{base}:test").status_code == 409
    assert client.patch(base, json={"secret": "x"}).status_code == 422
    assert client.delete(base).status_code == 204
    assert client.get(base).status_code == 404


def test_there_is_an_end_to_webhooks(live_copy):
    wanted = {"url": "https://hook.example/x", "types": ["job.finished"]}
    with live_copy().client("admin") as admin:
        found = [admin.post("/api/v1/webhooks", json=wanted).status_code for _ in range(21)]
    assert found == [201] * 20 + [409]
