"""What is known of a track -> two or three sentences, in any of `LANGUAGES`, each phrase with its evidence.

`facts` chooses what is sure and does not contradict itself; `telling` puts it together by the tables of a language, of
which each has a module: `english`, `german`. The same facts give the same words; which of several phrasings a track
gets depends on its id, so that tracks do not all read alike.
"""

from earmark.descriptors.description.describing import LANGUAGES, describe, language_of, tell_nothing
from earmark.descriptors.description.telling import Description, Phrase

__all__ = ["LANGUAGES", "Description", "Phrase", "describe", "language_of", "tell_nothing"]
