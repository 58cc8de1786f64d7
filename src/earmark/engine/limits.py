"""What one file may cost: memory, sound, and time, which follows from the file's length."""

from dataclasses import dataclass

from earmark.settings import MAX_SECONDS, TIME_LIMIT, WORKER_MEMORY

FIRST_SECONDS = 10.0  # that every file has: a disk may have to wake up
PACE = 20.0  # seconds of sound that are decoded in a second at least; a slow small computer does more
READING = 4e6  # bytes read in a second at least; a network disk does that
FAR_SECONDS, FAR_READING = 60.0, 0.25e6  # the same for a file at an address: time for its tries, 2 Mbit/s
USUAL_RATE = 16_000  # bytes a second of a file that does not tell its length (128 kbit/s)
RATES = 500, 200_000  # bytes a second within which a claimed length is believed: silence as FLAC, PCM of 1.6 Mbit/s
GRACE = 2.0  # seconds: decoding ends by itself at `time_limit`, and the process is ended from outside this much later
ALARM_GRACE = 30.0  # seconds: it is ended from inside this much later, should nobody be outside any more


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Attributes
    ----------
    time_limit : seconds of wall clock at most, however long the file is and however busy the machine
    max_seconds : of sound that are analysed
    worker_memory : bytes that a worker may have in memory
    """

    time_limit: float = TIME_LIMIT
    max_seconds: float = MAX_SECONDS
    worker_memory: int = WORKER_MEMORY

    def opening(self, size: int, far: bool = False) -> float:
        """Seconds to open a file of `size` bytes, or to read it through without decoding."""
        return self.hearing(size, 0.0, far)

    def hearing(self, size: int, claimed: float | None, far: bool = False) -> float:
        """Seconds of its own (see `Watch`) that a worker has until a file is decoded.

        20 to 27 for three minutes of sound, more for more, at most `time_limit`.
        A `time_limit` above the default gives every file more, in proportion.

        Parameters
        ----------
        size : bytes
        claimed : seconds of sound that the file says it holds, believed only as far as its size allows; None where it
            does not say
        far : it lies at an address, from where it comes more slowly
        """
        first, reading = (FAR_SECONDS, FAR_READING) if far else (FIRST_SECONDS, READING)
        seconds = believed_seconds(size, claimed)
        patience = max(1.0, self.time_limit / TIME_LIMIT)
        return min(self.time_limit, patience * (first + seconds / PACE + size / reading))


def believed_seconds(size: int, claimed: float | None) -> float:
    """The length of a file of `size` bytes that claims to hold so many seconds, or does not say (None)."""
    if claimed is None:
        return size / USUAL_RATE
    least, most = RATES
    return min(max(claimed, size / most), size / least)
