"""What stands beside the code for those who work on it: workflows, forms, citation; held against their own schemas."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import earmark

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
FORMS = [GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml" for name in ("bug", "idea", "tag")]
SCHEMAS = {
    "github-workflows": sorted((GITHUB / "workflows").glob("*.yml")),
    "github-issue-forms": FORMS,
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_file_fits_its_schema(schema):
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *SCHEMAS[schema]]
    done = subprocess.run(command, capture_output=True, text=True)
    assert SCHEMAS[schema]
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schemas_refuse_what_is_wrong(tmp_path):
    pytest.importorskip("check_jsonschema")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((GITHUB / "workflows" / "ci.yml").read_text().replace("runs-on:", "run-on:"))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(wrong)]
    assert subprocess.run(command, capture_output=True).returncode != 0


def test_a_workflow_calls_only_what_is_there():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCHEMAS["github-workflows"])
    for script in re.findall(r"python (benchmarks/\w+\.py)|(tests/[\w/]+\.py)", text):
        assert (ROOT / "".join(script)).is_file(), script
    extras = set(re.findall(r"\[([a-z,]+)\]\"", text))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(re.search(rf"^{extra} = \[", project, re.M) for names in extras for extra in names.split(","))


def test_a_workflow_may_do_no_more_than_it_must():
    for path in SCHEMAS["github-workflows"]:
        text = path.read_text(encoding="utf-8")
        assert re.search(r"^permissions:\n  contents: read$", text, re.M), path.name
        assert "pull_request_target" not in text


def test_all_pythons_that_the_package_claims_are_tested():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    claimed = re.findall(r"Python :: (3\.\d+)", project)
    text = (GITHUB / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert re.findall(r'"(3\.\d+)"', re.search(r"python: \[(.*)\]", text)[1]) == claimed


def test_the_citation_is_of_this_version():
    assert f"version: {earmark.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {earmark.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
