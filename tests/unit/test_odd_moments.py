"""Times by a clock that is wrong by thousands of years stop no page, no report and no export."""

import csv
import time

import pytest
from report_project import labelled

from microcrystalnet.cli.answer_table import read_answers
from microcrystalnet.domain.decision import Case, Objection
from microcrystalnet.errors import AgreementError
from microcrystalnet.moments import LATEST_MS, day, moment
from microcrystalnet.report.answer_file import iso
from microcrystalnet.report.export_answers import export_answers
from microcrystalnet.report.html import write_report
from napari_mcn.dispute_view import history_of

YEAR_10500_MS = 269_181_446_400_000


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: YEAR_10500_MS * 1_000_000)
    made = labelled(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("odd", [YEAR_10500_MS, -(10**14), 10**30])
def test_a_time_outside_the_calendar_is_no_moment(odd):
    assert (moment(odd), moment(odd, zone=None), iso(odd)) == (None, None, None)
    assert day(odd) == "outside the calendar"


def test_a_usual_time_is_written_in_utc():
    assert (day(LATEST_MS), iso(1_000)) == ("9999-12-31", "1970-01-01T00:00:01.000+00:00")


def test_the_report_leaves_out_the_days_of_an_odd_clock(store, tmp_path):
    write_report(store, tmp_path / "report.html")
    assert "outside the calendar" not in (tmp_path / "report.html").read_text()


def test_the_exported_answers_leave_out_odd_times(store, tmp_path):
    export_answers(store, tmp_path)
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["time"] for row in csv.DictReader(file)} == {""}


def test_the_history_of_a_crystal_says_that_a_time_is_odd():
    act = Objection("id", "c1", "AY", YEAR_10500_MS, 0)
    assert history_of(Case((act,)), names=True)[0].startswith("outside the calendar  ")


@pytest.mark.parametrize("odd", ["99999999999999999999", str(LATEST_MS + 1)])
def test_a_time_past_the_calendar_in_a_table_is_refused_with_its_place(tmp_path, odd):
    table = tmp_path / "labels.csv"
    table.write_text(f"image,crystal,expert,label,time\na,1,AY,AA,{odd}\na,1,BK,AA,\n")
    with pytest.raises(AgreementError, match=f"crystal 1 of image a .*{odd}"):
        read_answers(table)
