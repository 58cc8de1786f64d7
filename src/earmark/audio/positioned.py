"""What every file of ours that is none on a disk has in common: a place in it, which moves without reading."""

import io


class Positioned(io.RawIOBase):
    """The part of the protocol of files that only counts; a class adds ``size`` and ``read``.

    Attributes
    ----------
    size : bytes of the whole; asked for only where the end must be known
    """

    size: int
    _at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As that of any file; a place before the beginning is the beginning."""
        base = self.size if whence == io.SEEK_END else {io.SEEK_SET: 0, io.SEEK_CUR: self._at}[whence]
        self._at = max(0, base + offset)
        return self._at
