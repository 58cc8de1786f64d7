import pytest

from earmark.server.uploads import shown_name, suffix_of

NAMES = {
    "song.mp3": ("mp3", "song.mp3"), "../../etc/passwd": ("bin", "passwd"), r"C:\music\a.FLAC": ("flac", "a.FLAC"),
    "a.b/c": ("bin", "c"), "x.tar.gz": ("gz", "x.tar.gz"), "": ("bin", "upload"), "a.\x00": ("bin", r"a.\x00"),
    "name." + "x" * 4000: ("bin", ("name." + "x" * 4000)[:200]), "a.m p3": ("bin", "a.m p3"),
    "ünï.ogg": ("ogg", "ünï.ogg"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_only_a_plain_suffix_is_taken_of_a_name(name):
    assert (suffix_of(name), shown_name(name)) == NAMES[name]


def test_a_form_is_refused(client):
    answer = client.post("/api/v1/analyses", files={"file": b"x"})
    assert (answer.status_code, answer.json()["title"]) == (415, "Unsupported Media Type")


def test_an_empty_body_is_refused_and_leaves_nothing(client):
    n_jobs = len(client.get("/api/v1/jobs").json()["items"])
    assert client.post("/api/v1/analyses", content=b"").status_code == 422
    assert len(client.get("/api/v1/jobs").json()["items"]) == n_jobs
