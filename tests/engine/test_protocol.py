from earmark.engine.protocol import Failed


def test_a_failure_is_a_verdict_on_the_file_unless_it_says_otherwise():
    assert not Failed("/a.flac", "the file is empty", "Copy it again.").again
