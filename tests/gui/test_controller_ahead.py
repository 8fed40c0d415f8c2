"""The next micrographs are looked at while the user works on the shown one."""

import pytest
from fakes import FakeClient, listeners

from microcrystalnet.engines.ahead import LookAhead
from microcrystalnet.errors import WeightsError
from microcrystalnet.micrographs.reader import describe
from napari_mcn.controllers.ahead_controller import NEXT, AheadController


class Clients(list):
    """Makes clients, and remembers those that were closed."""

    def __init__(self):
        super().__init__()
        self.closed = []

    def __call__(self):
        client = FakeClient()
        client.close = lambda: self.closed.append(client)
        self.append(client)
        return client


@pytest.fixture
def clients():
    return Clients()


@pytest.fixture
def ahead(session, clients):
    controller = AheadController(session, LookAhead(clients))
    session.engine = "vit_b"
    yield controller
    controller.close()


@pytest.fixture
def more(store, draw):
    """Five more micrographs behind the shown one."""
    paths = [draw(f"{number}.tif", seed=number) for number in range(1, 6)]
    return [store.add_micrograph(path, describe(path)).image_id for path in paths]


def test_the_next_micrographs_are_looked_at(ahead, more, clients, store):
    ahead.look()
    paths = [store.image_path(each) for each in more[:NEXT]]
    assert clients[0].last.arguments == {"paths": paths, "engine": "vit_b"}


def test_going_on_looks_further_ahead(ahead, more, clients, session, store):
    ahead.look()
    session.show(more[0])
    ahead.look()
    assert clients[0].last.arguments["paths"][-1] == store.image_path(more[NEXT])


def test_the_same_micrographs_are_asked_for_once(ahead, more, clients):
    ahead.look()
    ahead.look()
    assert len(clients[0].asked) == 1


def test_the_embedded_engine_needs_nothing_ahead(ahead, more, clients, session):
    session.engine = "embedded"
    ahead.look()
    assert clients == []


def test_on_the_last_micrograph_there_is_nothing_ahead(ahead, clients):
    ahead.look()
    assert clients == []


def test_another_engine_ends_the_work(ahead, more, clients, session):
    ahead.look()
    session.engine = "embedded"
    assert clients.closed == clients


def test_closing_the_project_ends_the_work(ahead, more, clients, session):
    ahead.look()
    session.close()
    assert clients.closed == clients


def test_what_fails_ahead_is_not_told(ahead, more, clients, told):
    ahead.look()
    clients[0].last.listener.failed(WeightsError("These weights are damaged."))
    assert told == []


def test_closing_lets_go_of_the_session(session, canvas, clients):
    before = listeners(session, canvas)
    AheadController(session, LookAhead(clients)).close()
    assert listeners(session, canvas) == before
