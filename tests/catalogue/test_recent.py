from earmark.catalogue.recent import Recent


def asked_of(rows, asked):
    def read(places):
        asked.append(places)
        return [rows.get(place) for place in places]

    return read


def test_what_was_read_is_not_read_again():
    asked, recent = [], Recent()
    read = asked_of({1: b"one", 2: b"two", 3: b"three"}, asked)
    assert recent.read("t1", [1, 2], read) == [b"one", b"two"]
    assert recent.read("t1", [3, 2, 1], read) == [b"three", b"two", b"one"]
    assert asked == [[1, 2], [3]]


def test_another_version_is_another_table():
    asked, recent = [], Recent()
    assert recent.read("t1", [1], asked_of({1: b"old"}, asked)) == [b"old"]
    assert recent.read("t2", [1], asked_of({1: b"new"}, asked)) == [b"new"]
    assert asked == [[1], [1]]


def test_a_row_that_is_not_packed_is_asked_for_each_time():
    asked, recent = [], Recent()
    for _ in range(2):
        assert recent.read("t", [1], asked_of({}, asked)) == [None]
    assert len(asked) == 2


def test_what_was_not_asked_for_longest_is_dropped():
    asked, recent = [], Recent(most=10)
    read = asked_of({i: b"1234" for i in range(9)}, asked)
    for places in ([1], [2], [1], [3], [1], [2]):
        recent.read("t", places, read)
    assert asked == [[1], [2], [3], [2]]
