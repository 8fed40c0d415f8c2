"""Twenty settled crystals, and an engine that keeps what it is asked."""

import pytest
from fakes import FakeClient
from window_material import settle

GRID = tuple((4 * row, 5 * col) for row in range(4) for col in range(5))


@pytest.fixture
def child():
    return FakeClient()


@pytest.fixture
def settled(store, outline):
    """Twenty crystals of two classes, agreed by two experts."""
    crystals = outline(places=GRID)
    settle(store, crystals, ["RES", "PES"] * 10)
    return crystals
