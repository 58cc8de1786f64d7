import pytest

from earmark.errors import ConfigError, NotFound


def script(catalogue) -> list:
    """What a user may teach, with all that is told of it."""
    lesson = catalogue.teach("campfire", yes=["Low", "Middle"], no=["High", "Higher"])
    found = [told(lesson), sorted(lesson.taught.examples), lesson.taught.estimate]
    found += [[asked.track.title for asked in catalogue.teach_next("campfire", 1, "duration > 0")]]
    found += [told(catalogue.teach("fire/warm", yes=["Low"])), told(catalogue.teach("cold", ["Top"], group="fire"))]
    found += [[told(lesson) for lesson in catalogue.taught()], told(catalogue.lesson("fire/warm"))]
    catalogue.unteach("fire/warm")
    catalogue.unteach("campfire")
    return [*found, [lesson.taught.name for lesson in catalogue.taught()]]


def told(lesson) -> dict:
    return {name: value for name, value in lesson.to_dict().items() if name != "examples"}


def test_a_script_does_the_same_against_a_folder_and_a_server(both, same):
    same(*(script(catalogue) for catalogue in both))


def test_what_was_not_taught_or_cannot_be_is_told(both):
    for catalogue in both:
        with pytest.raises(NotFound, match="was not taught"):
            catalogue.lesson("campfire")
        with pytest.raises(ConfigError, match="no name of a tag"):
            catalogue.teach("a;b", yes=["Low"])
    with pytest.raises(ConfigError, match="single tracks"):
        both[1].teach("campfire", yes_from=["genre=jazz"])
