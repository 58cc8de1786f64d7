"""The three pretrained taggers that the bundled model imitates."""

from pathlib import Path

import numpy as np

from earmark.errors import DataError
from earmark.tagger.session import open_session
from earmark_research.tagger.tags import TEACHERS

AT_ONCE = 2  # patches that are run together: more would leave the caches of a core, and take a third longer
EMBEDDINGS = ("MSD_vgg.pool5", "MSD_musicnn.penultimate", "MTT_musicnn.penultimate")
EMBEDDING_PARTS = {"MSD_vgg": slice(0, 256), "MSD_musicnn": slice(256, 456), "MTT_musicnn": slice(456, 656)}


class Teachers:
    """The three networks, from ONNX files in one folder; one thread each. Raises DataError where a file is missing."""

    def __init__(self, folder: Path) -> None:
        self.sessions = {}
        for name in TEACHERS:
            path = Path(folder) / f"{name}.onnx"
            if not path.is_file():
                raise DataError(path, "no such teacher", "Run `earmark models pull musicnn`, or name another folder.")
            self.sessions[name] = open_session(path)

    def __call__(self, patches: np.ndarray) -> dict[str, np.ndarray]:
        """float32 [n, 187, 96] -> ``tags`` float32 [n, 150], ``embedding`` float16 [n, 656]."""
        tags, embeddings = [], []
        for name, output in (entry.split(".") for entry in EMBEDDINGS):
            blocks = [
                self.sessions[name].run(["tags", output], {"mel": patches[i : i + AT_ONCE]})
                for i in range(0, len(patches), AT_ONCE)
            ]
            tags.append(np.concatenate([block[0] for block in blocks]))
            embeddings.append(np.concatenate([block[1] for block in blocks]))
        return {"tags": np.hstack(tags), "embedding": np.hstack(embeddings).astype(np.float16)}
