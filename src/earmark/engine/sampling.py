"""A look at some known files, for changes that left size and time as they were."""

import random
from collections.abc import Iterable
from itertools import islice

from earmark.audio.addresses import is_address
from earmark.audio.discover import SoundFile
from earmark.audio.fileinfo import checksum
from earmark.engine.plan import Known

SAMPLE = 500  # files looked at in one scan: half a second on a disk that was read before, a few seconds on a slow one


def find_altered(found: Iterable[SoundFile], known: Known) -> frozenset[str]:
    """The paths, among some of the files that seem unchanged, whose first or last bytes are others than before.

    Every scan looks at other files; small collections are looked at whole. Those at addresses have etags instead.
    """
    near = [file for file in found if not is_address(file.path)]
    shuffled = ((file.path, known.state_of(file)) for file in random.sample(near, len(near)))
    chosen = islice(((path, state) for path, state in shuffled if state and state.info is not None), SAMPLE)
    return frozenset(path for path, state in chosen if checksum(path) not in (b"", state.info.checksum))
