"""Sends what hypothesis makes up to every operation of the API, each alone and in chains, and judges all answers.

    python benchmarks/api_fuzz.py CATALOGUE [--examples 100] [--seed 1]

Starts a server over a copy of the catalogue and runs schemathesis with all checks and all phases, the stateful one too.
One check is left out, `use_after_free`: a DELETE of a job at work is answered by 202 and cancels it, and it can still
be looked at; schemathesis takes 202 for gone. That a job and a key are gone after 204 has tests of its own.
Ends with the status of schemathesis: 0 where no check has failed. A test does the same with few examples.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOOKS = Path(__file__).with_name("api_fuzz_hooks.py")
TESTS = Path(__file__).parents[1] / "tests" / "helpers"
PHASES = "examples,coverage,fuzzing,stateful"
CONFIG = """
headers = {{ Authorization = "Bearer {key}" }}
seed = {seed}
[phases.stateful]
generation.max-examples = {chains}
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 429, "5xx"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "406", "409", "411", "413", "414", "415", "422", "429", "5xx"]
{exceptions}
"""
MEANT = """
[[operations]]
include-name = "{0}"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 429, "5xx"]
"""
EXCEPTIONS = "".join(
    MEANT.format(name)
    for name in (
        "GET /api/v1/tracks",  # words have their own order, `sort` none of theirs
        "POST /api/v1/tracks:search",  # a filter is a language: a schema cannot tell which value fits which field
        "POST /api/v1/similar",
        "POST /api/v1/exports",
        "POST /api/v1/analyses",  # of tracks that there are
        "POST /api/v1/tag-plans",
        "POST /api/v1/search",
        "POST /api/v1/paths",
        "POST /api/v1/playlists",  # so are recipes
        "PATCH /api/v1/playlists/{playlist_id}",
        "POST /api/v1/playlists:import",  # a file is a language too
        "POST /api/v1/playlists/{playlist_id}:refresh",
        "GET /api/v1/playlists:smart",  # not every field is in a tag of files
        "GET /api/v1/playlists/{playlist_id}/export",  # a map of folders is here=there
        "GET /api/v1/playlists/{playlist_id}/places",
        "GET /api/v1/map/colours",  # not every field has colours
        "GET /api/v1/tracks/{track_id}/spectrogram",  # the end must come after the start
        "GET /api/v1/tracks/{track_id}/why",
        "PATCH /api/v1/tracks/{track_id}/corrections",  # a tempo or key that can be one
        "POST /api/v1/servers",  # some kinds need a user; a map of folders is here=there
        "PATCH /api/v1/servers/{server_id}",
        "POST /api/v1/servers/{server_id}:match",  # of playlists that there are
        "POST /api/v1/servers/{server_id}:push",
        "PUT /api/v1/lessons/{tag}",  # a name that can be one, and no track on both sides
    )
)


def command(base: str, config: Path, examples: int, phases: str) -> list[str]:
    """The call of schemathesis; its status is 0 where every check held."""
    run = "from schemathesis.cli import schemathesis; schemathesis()"
    words = ["--max-examples", str(examples), "--checks", "all", "--no-color", "--request-timeout", "120"]
    words += ["--max-response-time", "120", "--exclude-checks", "use_after_free"]
    words += ["--phases", phases, "--suppress-health-check", "all"]
    before = ["--config-file", str(config)]
    return [sys.executable, "-c", run, *before, "run", f"{base}/api/openapi.json", *words]


def fuzz(
    base: str, key: str, folder: Path, examples: int, seed: int = 1, phases: str = PHASES
) -> subprocess.CompletedProcess:
    """Run it against a server; folder : for what it writes."""
    config = folder / "schemathesis.toml"
    text = CONFIG.format(key=key, seed=seed, chains=max(2, examples // 2), exceptions=EXCEPTIONS)
    config.write_text(text, encoding="utf-8")
    environment = os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS), "PYTHONPATH": os.pathsep.join(sys.path)}
    words = command(base, config, examples, phases)
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.path.insert(0, str(TESTS))
    from earmark.server.keys import SCOPES
    from live_server import LiveServer

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {name: str(Path(folder) / name) for name in ("EARMARK_SERVER", "EARMARK_MEDIA")}
        server = LiveServer(Path(shutil.copytree(options.catalogue, Path(folder) / "c")))
        try:
            _, key = server.keys.create("fuzz", SCOPES)
            done = fuzz(server.base, key, Path(folder), options.examples, options.seed)
        finally:
            told = server.end()
    print(done.stdout, done.stderr, told, sep="\n")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
