"""Programs that are missing, fail or print."""

import sys

import pytest

from earmark.errors import DataError
from earmark_research.music.programs import require_programs, run_program


def test_what_a_program_prints_is_returned():
    assert run_program([sys.executable, "-c", "print('done')"]) == "done\n"


def test_a_failure_ends_with_the_programs_own_words():
    with pytest.raises(DataError, match=r"failed \(.*no such groove\)"):
        run_program([sys.executable, "-c", "import sys; sys.exit('no such\\n groove')"])


def test_a_missing_program_is_named_with_its_package():
    with pytest.raises(DataError, match=r"not installed.*apt-get install no-such-program"):
        run_program(["no-such-program"])
    with pytest.raises(DataError, match=r"no-such-program: .*not installed"):
        require_programs("python3", "no-such-program")
