from pathlib import Path

from earmark.catalogue.place import LocalPlace
from earmark.catalogue.where import place_of


def test_a_path_is_a_folder_of_this_machine_and_a_place_is_itself(tmp_path):
    place = place_of(tmp_path)
    assert place == place_of(str(tmp_path)) == LocalPlace(tmp_path)
    assert place_of(place) is place
    assert Path(place) == tmp_path
