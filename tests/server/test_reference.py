import re

from earmark.server.reference import reference_page


def test_the_page_shows_every_address_and_loads_nothing_from_elsewhere(live):
    with live.stranger() as anyone:
        page, schema = anyone.get("/api").text, anyone.get("/api/openapi.json").json()
        for path in schema["paths"]:
            assert f"<code>{path}</code>" in page
        loaded = re.findall(r"(?:src|href)=['\"]([^'\"#]+)", page)
        assert loaded
        assert all(target.startswith("/") and not target.startswith("//") for target in loaded)
        assert all(anyone.get(target).status_code == 200 for target in loaded)
        assert "<script" not in page
        assert "style=" not in page


def test_the_type_of_a_problem_leads_to_a_row(live, client):
    page = client.get("/api").text
    kind = client.get("/api/v1/tracks/" + "0" * 20).json()["type"]
    assert f"id='{kind.removeprefix('/api#')}'" in page


def test_texts_are_escaped():
    schema = {
        "info": {"title": "<b>", "version": "1", "description": "<script>"},
        "paths": {},
        "components": {"schemas": {}},
    }
    assert "<script>" not in reference_page(schema)
    assert "&lt;b&gt;" in reference_page(schema)
