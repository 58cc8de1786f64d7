"""Jamendo's public catalogue: some 600,000 tracks under Creative Commons licences, with tags.

API: version 3.0, developer.jamendo.com/v3.0/tracks; answers are ``{"headers": {"status", "code", "error_message", ...},
"results": [...]}``, code 0 for success, 5 for a wrong client id, 6 for too many requests. A free client id comes from
devportal.jamendo.com. Terms: the free plan is for non-commercial use; each track's own licence is kept in the manifest.
"""

import os
from collections.abc import Iterator

from earmark.data.collect.sources import Wanted
from earmark.data.collect.web import TryAgain, Web
from earmark.errors import DataError

BASE = "https://api.jamendo.com/v3.0"
PAGE = 200  # the most that one request may ask for
OK, WRONG_CLIENT, TOO_MANY = 0, 5, 6
KEY = "JAMENDO_CLIENT_ID"


class Jamendo:
    """The provider; see `earmark.data.collect.provider.Provider`."""

    name = "jamendo"

    def __init__(
        self, client_id: str | None = None, licences: tuple[str, ...] = (), base: str = BASE, web: Web | None = None
    ) -> None:
        """Take the key from the environment variable JAMENDO_CLIENT_ID unless it is given.

        Parameters
        ----------
        licences : keep only these, e.g. ``("by", "by-sa")``; all where empty
        base : address of the API
        web : makes the requests

        Raises DataError where there is no client id.
        """
        self.client_id = client_id or os.environ.get(KEY, "")
        if not self.client_id:
            raise DataError(KEY, "not set", "Get a free client id from devportal.jamendo.com and set the variable.")
        self.licences, self.base, self.web = licences, base.rstrip("/"), web or Web()

    def tracks(self, label: str, tags: list[str]) -> Iterator[Wanted]:
        """Tracks that carry all `tags` and may be downloaded, the most popular first, page by page.

        Raises DataError where Jamendo refuses, as for a wrong client id, or does not answer.
        """
        offset = 0
        while True:
            results = self._page(tags, offset)
            for track in results:
                if track.get("audiodownload_allowed", True) and track.get("audiodownload") and self._is_free(track):
                    yield _wanted(track, label)
            if len(results) < PAGE:
                return
            offset += PAGE

    def _page(self, tags: list[str], offset: int) -> list[dict]:
        parameters = {
            "client_id": self.client_id, "format": "json", "limit": str(PAGE), "offset": str(offset),
            "tags": " ".join(tags), "include": "musicinfo", "audiodlformat": "mp32", "order": "popularity_total",
        }  # fmt: skip
        return self.web.get_json(f"{self.base}/tracks/", parameters, _check)["results"]

    def _is_free(self, track: dict) -> bool:
        return not self.licences or licence_name(track.get("license_ccurl", "")) in self.licences


def licence_name(url: str) -> str:
    """``by-nc-sa`` of ``http://creativecommons.org/licenses/by-nc-sa/3.0/``; "" for anything else."""
    parts = url.split("/")
    return parts[parts.index("licenses") + 1] if "licenses" in parts[:-1] else ""


def _check(document: dict) -> None:
    """Turn the code in an answer's headers into what to do about it."""
    headers = document.get("headers", {})
    code = headers.get("code")
    if code == OK and isinstance(document.get("results"), list):
        return
    message = headers.get("error_message") or f"an answer without results, code {code}"
    if code == TOO_MANY:
        raise TryAgain(message)
    if code == WRONG_CLIENT:
        raise DataError("Jamendo", message, f"Set {KEY} to the client id of your application.")
    raise DataError("Jamendo", message, "Check the tags, or try later.")


def _wanted(track: dict, label: str) -> Wanted:
    return Wanted(
        location=track["audiodownload"], label=label, source=f"jamendo:{track['id']}",
        title=track.get("name", ""), artist=track.get("artist_name", ""),
        licence=track.get("license_ccurl", ""), page=track.get("shareurl", ""),
    )  # fmt: skip
