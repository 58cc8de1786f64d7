from earmark.catalogue.files import FileState
from earmark.engine.report import ScanReport


def test_reports_do_not_share_their_lists():
    first, second = ScanReport(), ScanReport()
    first.failed.append(FileState("/a", 1, 1, ""))
    first.gone.append("/b")
    assert (second.failed, second.gone) == ([], [])
