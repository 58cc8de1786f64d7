"""The map of a collection."""

import os

from earmark.catalogue.map import Map
from earmark.explore import map as maps
from earmark.interop import map_files
from earmark.library.opened import Opened
from earmark.progress import Progress, silent


class Maps(Opened):
    """Part of `earmark.Catalogue`: the map of a collection."""

    def build_map(self, anew: bool = False, progress: Progress = silent) -> Map:
        """Lay the collection out in a plane, or put new tracks on the map; see `earmark.explore.map.build_map`.

        Raises
        ------
        CatalogueError, NotFound
        MissingPackage : the extra ``earmark[map]`` is not installed

        Examples
        --------
        >>> catalogue.build_map().kept  # doctest: +SKIP
        0.37
        """
        return maps.build_map(self._store(), anew, progress)

    def map(self) -> Map:
        """The map as it was last built: ids, coordinates float32 [n, 2], labels, version; raises NotFound.

        Examples
        --------
        >>> [label.text for label in catalogue.map().labels]  # doctest: +SKIP
        ['techno, electronic', 'classical']
        """
        return maps.read_map(self._store())

    def export_map(self, path: str | os.PathLike, form: str | None = None) -> int:
        """Write the map as a page (``html``) or a table (``arrow``); by default by the suffix. Returns how many tracks.

        Raises
        ------
        NotFound : there is no map
        ConfigError : no such format
        FileError : the place cannot be written to

        Examples
        --------
        >>> catalogue.export_map("map.html")  # doctest: +SKIP
        1204
        """
        store = self._store()
        found = maps.read_map(store)
        return map_files.export_map(found, store.columns(map_files.columns_for(store.kinds())), path, form)
