"""Whose word a crystal's class is, in the rows that statistics are made of."""

from report_project import add, empty, square, with_model

from microcrystalnet.domain.decision import Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.statistics.collect import ClassFrom, collect


def test_what_people_took_for_no_crystal_is_none_also_where_the_prediction_is_out_of_date(tmp_path):
    store = empty(tmp_path)
    _, crystals = add(store, tmp_path, masks=[square(30, 30), square(60, 60)])
    store.label(crystals[0], Answer("RES"))
    store.votes()
    store.adjudication.decide(crystals[0], Ruling(Outcome.EXCLUDE), [store.actor], "dust")
    model_id = with_model(store, outline="another outline")
    states = [row.state for rows in collect(store, ClassFrom.CLASSIFIER, model_id) for row in rows]
    store.close()
    assert states == ["excluded", "unlabelled"]
