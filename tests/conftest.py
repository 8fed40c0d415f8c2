"""What all tests share: how properties are tried, and the order of the files.

They are untimed, as machines are busy. `make test` tries the same examples everywhere, so that a
red one is red again; `make test-long` draws others each time.
"""

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("same")


def pytest_collection_modifyitems(items):
    """Put the tests that wait for a long child process first: the others run beside them."""
    items.sort(key=lambda item: "in_its_own_process" not in item.path.name)
