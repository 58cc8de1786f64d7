from earmark.catalogue.memory import Memory


def test_none_is_missed_and_others_are_left_out():
    memory = Memory(f"old {i}" for i in range(1000))
    assert memory.among(["old 0", "old 999", "other"]) == ["old 0", "old 999"]
    memory.add([b"new", "new"])
    assert memory.among([b"new", "old 5", b"neither", "new"]) == [b"new", "old 5", "new"]


def test_of_an_empty_column_nothing_is_there():
    memory = Memory([])
    assert memory.among(["x"]) == []
    memory.add(["x"])
    assert memory.among(["x", None]) == ["x"]
