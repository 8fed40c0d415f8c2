"""One workbench for many tests of keys, and an expert before it."""

import pytest
from user import at_work, make_project


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench for all these tests, on two micrographs of twelve crystals."""
    home = tmp_path_factory.mktemp("desk")
    with at_work(window, home) as open_one:
        yield open_one(make_project(home / "project", micrographs=2))


@pytest.fixture
def user(desk, request):
    """An expert who has labelled nothing yet, with the keyboard on the canvas."""
    return desk.start_over(f"expert {abs(hash(request.node.name))}")


def label(user, number=0):
    return user.session.project.state.label(user.dock.labelling.label._order[number])
