import json
import sys
from dataclasses import replace

import pytest
from storage_scene import create, outline
from typer.testing import CliRunner

from microcrystalnet.cli import app as command_line
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass, Scheme
from microcrystalnet.storage.scheme_records import write_scheme

HEADER = "image,crystal,expert,label\n"
SANDSTONE = Scheme(
    "Sandstone",
    1,
    (CrystalClass("Q", "Quartz", "#0072b2", "1"), CrystalClass("D", "Dolomite", "#e69f00", "2")),
)
TABLE = HEADER + "i,1,AY,RES\ni,1,IK,RES\n,,,\n\ni,2,AY,PES\ni,2,IK,AA\ni,3,AY,AA\ni,3,IK,\n"


@pytest.fixture
def labels(tmp_path):
    return tmp_path / "labels.csv"


def answer_to(labels, text):
    labels.write_text(text, encoding="utf-8")
    return CliRunner().invoke(command_line.app, ["agreement", str(labels)])


def test_the_report_has_the_agreed_keys(labels):
    report = json.loads(answer_to(labels, TABLE).stdout)
    assert set(report) == {
        "n_crystals", "n_images", "experts", "krippendorff_alpha", "percent_agreement", "gwet_ac1",
        "fleiss_kappa", "cohen_kappa", "per_class_alpha", "confusion", "classes",
        "n_compared", "per_class_agreement", "intervals", "human_ceiling", "against_others",
        "intra_rater", "by_image", "over_time", "dawid_skene", "remarks",
    }  # fmt: skip
    assert set(report["krippendorff_alpha"]) == {"value", "low", "high"}


def test_empty_rows_and_missing_answers_are_passed_over(labels):
    report = json.loads(answer_to(labels, TABLE).stdout)
    assert (report["n_crystals"], report["n_images"], report["experts"]) == (3, 1, ["AY", "IK"])
    assert (report["percent_agreement"], report["fleiss_kappa"]) == (0.5, None)
    assert report["confusion"] == {"AY|IK": [[1, 0, 0], [0, 0, 1], [0, 0, 0]]}


def test_a_class_of_no_scheme_is_named_and_counted(labels):
    answer = answer_to(labels, HEADER + "i,1,AY,RES\ni,1,IK,RSE\ni,2,AY,RES\ni,2,IK,res\n")
    assert json.loads(answer.stdout)["confusion"] == {"AY|IK": [[1, 1], [0, 0]]}
    assert answer.stderr == (
        "These answers are none of the classes RES, PES, AA, SA, and count as classes of their "
        "own: “RSE” (1).\n"
    )


def test_another_scheme_is_nothing_to_remark_on(labels):
    answer = answer_to(labels, HEADER + "i,1,AY,quartz\ni,1,IK,Quartz\n")
    assert (json.loads(answer.stdout)["classes"], answer.stderr) == (["Quartz"], "")


def test_classes_of_another_scheme_are_told_alike_by_its_file(labels, tmp_path):
    write_scheme(tmp_path / "classes.json", SANDSTONE)
    labels.write_text(HEADER + "i,1,AY,quartz\ni,1,IK,Q\ni,2,AY,dolomite\ni,2,IK,q\n")
    options = ["--classes", str(tmp_path / "classes.json")]
    answer = CliRunner().invoke(command_line.app, ["agreement", str(labels), *options])
    report = json.loads(answer.stdout)
    assert (report["classes"], report["confusion"]) == (["Q", "D"], {"AY|IK": [[1, 0], [1, 0]]})


def test_a_project_is_compared_by_its_own_classes(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    store = create(tmp_path)
    store.set_scheme(replace(FOUR_CLASSES, classes=SANDSTONE.classes))
    crystal = outline(store)
    store.label(crystal, Answer("Q"))
    store.become("IK")
    store.label(crystal, Answer("D"))
    store.close()
    answer = CliRunner().invoke(command_line.app, ["agreement", str(store.folder)])
    report = json.loads(answer.stdout)
    assert (report["classes"], report["remarks"], answer.stderr) == (["Q", "D"], [], "")


def test_mixed_case_and_other_names_are_the_same_answer(labels):
    report = json.loads(answer_to(labels, HEADER + "i,1,AY,rounded\ni,1,IK,sa\n").stdout)
    assert (report["classes"], report["percent_agreement"]) == (["SA"], 1)


def test_experts_whose_names_differ_in_case_only_are_remarked_on(labels):
    answer = answer_to(labels, HEADER + "i,1,AY,RES\ni,1,Ay,RES\n")
    assert answer.stderr == "AY and Ay differ in case only, and count as 2 experts.\n"


def test_whole_numbers_with_and_without_decimals_name_the_same_crystal(labels):
    report = json.loads(answer_to(labels, HEADER + "1,7,1,3\n1,7.0,2,3.0\n").stdout)
    assert (report["n_crystals"], report["classes"], report["experts"]) == (1, ["3"], ["1", "2"])


def test_the_names_of_the_columns_may_be_in_any_case(labels):
    text = "Image,CRYSTAL,Expert , label\ni,1,AY,RES\ni,1,IK,RES\n"
    assert json.loads(answer_to(labels, text).stdout)["percent_agreement"] == 1


def test_a_table_with_a_column_for_every_expert_is_read(labels):
    text = (
        "image,label,crystal,expert AY,expert IK\n"
        "i,1,c1,RES (unsure),RES\ni,2,c2,not a crystal,PES\ni,3,c3,,AA\n"
    )
    report = json.loads(answer_to(labels, text).stdout)
    assert report["experts"] == ["AY", "IK"]
    assert (report["n_compared"], report["percent_agreement"]) == (2, 0.5)
    assert report["classes"] == ["RES", "PES", "AA", "not_crystal"]


def test_answers_that_a_wide_table_calls_not_blind_are_left_out(labels):
    text = (
        "image,crystal,expert AY,expert IK,blind AY,blind IK\n"
        "i,c1,RES,RES,yes,yes\ni,c2,RES,PES,yes,no\ni,c3,RES,PES,third,yes\n"
    )
    report = json.loads(answer_to(labels, text).stdout)
    assert (report["n_compared"], report["percent_agreement"]) == (1, 1)


def test_a_table_with_semicolons_is_read(labels):
    text = (HEADER + "i,1,AY,RES\ni,1,IK,RES\n").replace(",", ";")
    assert json.loads(answer_to(labels, text).stdout)["percent_agreement"] == 1


def test_answers_that_were_not_blind_or_not_planned_are_left_out(labels):
    text = (
        "image,crystal,expert,label,blind,planned\n"
        "i,1,AY,RES,yes,yes\ni,1,IK,RES,,\ni,2,AY,RES,yes,yes\ni,2,IK,PES,no,yes\n"
        "i,3,AY,RES,yes,yes\ni,3,IK,PES,True,FALSE\n"
    )
    report = json.loads(answer_to(labels, text).stdout)
    assert (report["n_crystals"], report["n_compared"]) == (3, 1)


def test_a_table_without_blind_answers_is_refused(labels):
    text = "image,crystal,expert,label,blind\ni,1,AY,RES,no\ni,1,IK,RES,no\n"
    assert "is marked as not blind" in str(answer_to(labels, text).exception)


def test_repeats_and_times_are_read(labels):
    text = (
        "image,crystal,expert,label,pass,time\n"
        "i,1,AY,RES,0,2026-01-02T03:04:05Z\ni,1,AY,PES,1,2026-01-03T03:04:05Z\n"
        "i,1,IK,RES,,1767323045000\n"
    )
    report = json.loads(answer_to(labels, text).stdout)
    assert report["intra_rater"]["AY"]["confusion"] == [[0, 1], [0, 0]]
    assert report["over_time"]["AY"][0]["from_ms"] == report["over_time"]["IK"][0]["from_ms"]


def test_a_time_that_is_none_is_refused_with_its_place(labels):
    text = "image,crystal,expert,label,time\ni,1,AY,RES,yesterday\n"
    assert "crystal 1 of image i has “” as its pass and “yesterday” as its time" in str(
        answer_to(labels, text).exception
    )


def test_the_answers_that_counted_are_written_and_give_the_same_report(labels, tmp_path):
    labels.write_text(TABLE, encoding="utf-8")
    counted = tmp_path / "counted.csv"
    command = ["agreement", str(labels), "--labels", str(counted)]
    first = CliRunner().invoke(command_line.app, command)
    again = CliRunner().invoke(command_line.app, ["agreement", str(counted)])
    assert json.loads(first.stdout) == json.loads(again.stdout)


def test_a_missing_column_is_named(labels):
    refusal = answer_to(labels, "image,crystal,label\ni,1,RES\n").exception
    assert "no rows with a column “expert”" in str(refusal)


def test_a_table_without_rows_is_refused(labels):
    assert "has no rows" in str(answer_to(labels, HEADER).exception)


def test_a_refusal_is_one_sentence_on_stderr_and_exit_code_one(labels, monkeypatch, capsys):
    labels.write_text(HEADER + "i,1,AY,RES\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["mcn", "agreement", str(labels)])
    with pytest.raises(SystemExit, match="1"):
        command_line.run()
    assert capsys.readouterr().err.strip() == (
        "Only one expert, AY, has answered; agreement needs at least two."
    )


def test_a_project_without_a_label_to_compare_says_what_is_missing(tmp_path):
    store = create(tmp_path)
    outline(store)
    store.close()
    done = CliRunner().invoke(command_line.app, ["agreement", str(store.folder)])
    assert "can be compared yet: let two experts label the same crystals" in str(done.exception)
