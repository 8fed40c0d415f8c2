"""What all tests share: untimed properties, as machines are busy, and the order of the files."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items):
    """Put the tests that wait for a long child process first: the others run beside them."""
    items.sort(key=lambda item: "in_its_own_process" not in item.path.name)
