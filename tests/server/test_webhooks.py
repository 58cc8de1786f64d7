import os
import stat
from datetime import UTC, datetime

import pytest
import standardwebhooks

from earmark.errors import ConfigError, NotFound
from earmark.server.webhooks import MOST, ROTATION, WebhookStore, headers_of, sign


def test_the_example_of_the_specification():
    body = b'{"test": 2432232314}'
    known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == known


def test_others_find_the_signature_right_and_a_changed_body_wrong(tmp_path):
    hook, body = WebhookStore(tmp_path).create("https://example.org/", ("job.finished",)), b'{"type":"x"}'
    headers = headers_of(hook, "msg_1", body, datetime.now(UTC).timestamp())
    checker = standardwebhooks.Webhook(hook.secret)
    assert checker.verify(body, headers) == {"type": "x"}
    for wrong, given in ((b'{"type":"y"}', headers), (body, headers | {"webhook-id": "msg_2"})):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            checker.verify(wrong, given)


def test_while_a_secret_is_changed_both_hold_and_then_the_new_one_alone(tmp_path):
    now = datetime.now(UTC).timestamp()
    store = WebhookStore(tmp_path, lambda: now)
    old = store.create("https://example.org/", ("job.finished",))
    new = store.rotate(old.id)
    assert new.secret != old.secret
    headers = headers_of(new, "msg_1", b"{}", now)
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (old.secret, new.secret):
        standardwebhooks.Webhook(secret).verify(b"{}", headers)
    assert new.secrets(now + ROTATION + 1) == [new.secret]


def test_secrets_are_kept_for_us_alone(tmp_path):
    store = WebhookStore(tmp_path)
    hook = store.create("https://example.org/", ("track.failed",))
    assert stat.S_IMODE(os.stat(tmp_path / "webhooks.json").st_mode) == 0o600
    assert "whsec_" not in str(store.rotate(hook.id).to_dict())
    assert WebhookStore(tmp_path).get(hook.id).former == hook.secret


def test_what_is_not_there_and_too_many(tmp_path):
    store = WebhookStore(tmp_path)
    for act in (store.get, store.remove, store.rotate):
        with pytest.raises(NotFound):
            act("00000000")
    for _ in range(MOST):
        store.create("https://example.org/", ("track.failed",))
    with pytest.raises(ConfigError, match="there are"):
        store.create("https://example.org/", ("track.failed",))
    store.remove(next(iter(store.all())))
    assert len(store.all()) == MOST - 1
