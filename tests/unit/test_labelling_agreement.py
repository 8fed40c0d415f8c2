"""Every coefficient against independent packages or the textbooks' formulas, written out slowly."""

from functools import cache
from itertools import chain

import agreement_textbook as textbook
import numpy as np
import pytest

from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import GivenAnswer

SEEDS = range(200)
# Krippendorff (2011), section C: four observers, twelve units, a dot for a missing answer.
KRIPPENDORFF_2011 = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def lines(*columns, images=1):
    """Give answers, one string an expert and one letter a crystal; a dot is a missing answer."""
    return [
        GivenAnswer(f"i{row % images}", f"c{row}", "ABCDE"[expert], letter.strip("."))
        for expert, column in enumerate(columns)
        for row, letter in enumerate(column.replace(" ", ""))
    ]


def agreement(*columns, images=1):
    return compare_experts(arrange(lines(*columns, images=images)))


@cache
def random_table(seed):
    return textbook.random_table(seed)


@cache
def measured_of(seed):
    return compare_experts(arrange(random_table(seed)))


def near(value):
    return pytest.approx(value, rel=0, abs=1e-9, nan_ok=True)


def numbers(values):
    """Give floats; NaN where a coefficient is undefined."""
    return [float("nan") if value is None else value for value in values]


def test_krippendorffs_own_example_gives_his_alpha():
    assert agreement(*KRIPPENDORFF_2011).krippendorff_alpha.value == pytest.approx(0.743, abs=5e-4)


def of_all(values_of):
    """Give what ``values_of`` gives of every random table, one after the other."""
    return numbers(chain.from_iterable(values_of(seed) for seed in SEEDS))


def test_alpha_is_the_textbooks():
    measured = of_all(lambda seed: [measured_of(seed).krippendorff_alpha.value])
    assert measured == near(of_all(lambda seed: [textbook.alpha(random_table(seed))]))


def test_alpha_by_class_is_the_textbooks_of_that_class_against_the_rest():
    measured = of_all(lambda seed: measured_of(seed).per_class_alpha.values())
    assert measured == near(of_all(lambda seed: by_class(textbook.alpha, seed)))


def test_agreement_by_class_is_that_of_all_pairs_of_answers():
    measured = of_all(lambda seed: measured_of(seed).per_class_agreement.values())
    assert measured == near(of_all(lambda seed: by_class(textbook.specific, seed)))


def by_class(coefficient, seed):
    return [coefficient(random_table(seed), cls) for cls in measured_of(seed).classes]


def test_percent_agreement_is_the_share_of_pairs_that_are_alike():
    measured = of_all(lambda seed: [measured_of(seed).percent_agreement])
    assert measured == near(of_all(lambda seed: [textbook.percent_agreement(random_table(seed))]))


def test_ac1_is_the_textbooks():
    measured = of_all(lambda seed: [measured_of(seed).gwet_ac1])
    assert measured == near(of_all(lambda seed: [textbook.ac1(random_table(seed))]))


def test_cohens_kappa_is_that_of_scikit_learn():
    measured = [measured_of(seed).cohen_kappa for seed in SEEDS]
    expected = [textbook.cohen(random_table(seed)) for seed in SEEDS]
    assert [list(each) for each in measured] == [list(each) for each in expected]
    found = numbers(chain(*(each.values() for each in measured)))
    assert found == near(numbers(chain(*(each.values() for each in expected))))


def test_each_expert_against_the_others_is_counted_crystal_by_crystal():
    found = [measured_of(seed).against_others[expert] for seed, expert in tables_and_experts()]
    pairs = [
        textbook.against_others(random_table(seed), expert) for seed, expert in tables_and_experts()
    ]
    assert [each.n_crystals for each in found] == [len(each) for each in pairs]
    alike = numbers(map(textbook.share_alike, pairs))
    assert numbers(each.agreement.value for each in found) == near(alike)
    kappas = numbers(map(textbook.kappa_of, pairs))
    assert numbers(each.cohen_kappa.value for each in found) == near(kappas)


def tables_and_experts():
    return [(seed, expert) for seed in SEEDS for expert in measured_of(seed).experts]


def test_the_human_ceiling_is_everyone_against_the_others_taken_together():
    def ceiling(seed):
        everyone = (
            textbook.against_others(random_table(seed), e) for e in measured_of(seed).experts
        )
        return [textbook.share_alike(list(chain(*everyone)))]

    assert of_all(lambda seed: [measured_of(seed).human_ceiling.value]) == near(of_all(ceiling))


def test_fleiss_kappa_is_that_of_statsmodels():
    tables = [textbook.random_table(seed, missing=0) for seed in SEEDS]
    measured = numbers(compare_experts(arrange(each)).fleiss_kappa for each in tables)
    assert measured == near(numbers(map(textbook.fleiss, tables)))


def test_fleiss_kappa_needs_equally_many_answers_for_every_crystal():
    assert agreement("abab", "abb.", "abaa").fleiss_kappa is None


def test_a_confusion_matrix_has_the_first_experts_answers_as_rows():
    measured = agreement("aab", "abb")
    assert (measured.classes, measured.confusion) == (("a", "b"), {"A|B": ((1, 1), (0, 1))})


def test_experts_who_share_no_crystal_have_no_kappa():
    assert agreement("ab..", "abab", "..ab").cohen_kappa["A|C"] is None


def test_answers_that_never_differ_leave_alpha_undefined():
    measured = agreement("aaa", "aaa")
    assert (measured.krippendorff_alpha.value, measured.gwet_ac1) == (None, 1)
    assert measured.cohen_kappa == {"A|B": None}


def test_unclear_is_an_answer_that_agrees_with_no_class():
    answers = [GivenAnswer("i", "c", "A", "RES"), GivenAnswer("i", "c", "B", "Unclear")]
    measured = compare_experts(arrange(answers))
    assert (measured.classes, measured.percent_agreement) == (("RES", "unclear"), 0)


def test_two_experts_who_discard_a_crystal_agree():
    answers = [
        GivenAnswer("i", "c", "A", "not_crystal"),
        GivenAnswer("i", "c", "B", "not a crystal"),
    ]
    measured = compare_experts(arrange(answers))
    assert (measured.classes, measured.percent_agreement) == (("not_crystal",), 1)


def test_other_names_of_the_four_classes_are_the_same_answer():
    answers = [GivenAnswer("i", "c", "A", "SA"), GivenAnswer("i", "c", "B", " rounded")]
    measured = compare_experts(arrange(answers))
    assert (measured.classes, measured.percent_agreement) == (("SA",), 1)


def test_crystals_of_one_name_in_two_images_are_two_crystals():
    answers = [GivenAnswer(image, "1", expert, "RES") for image in "ij" for expert in "AB"]
    assert compare_experts(arrange(answers)).n_crystals == 2


def test_nine_images_are_too_few_for_an_interval():
    alpha = agreement("ab" * 9, "ab" * 8 + "aa", images=9).krippendorff_alpha
    assert (alpha.low, alpha.high) == (None, None)


def test_ten_images_give_an_interval_round_the_value():
    alpha = agreement("abaab" * 6, "abbab" * 6, images=10).krippendorff_alpha
    assert alpha.low < alpha.value < alpha.high


def test_the_interval_does_not_depend_on_the_order_of_the_lines():
    answers = lines("abaab" * 6, "abbab" * 6, images=10)
    assert compare_experts(arrange(answers)) == compare_experts(arrange(answers[::-1]))


def test_the_interval_is_that_of_resampling_images_one_by_one():
    generator = np.random.default_rng(1)
    answers = lines(*("".join(generator.choice(["a", "a", "b"], 90)) for _ in "ABC"), images=15)
    images = [[a for a in answers if a.image == f"i{number}"] for number in range(15)]
    draws = [resampled(images, generator) for _ in range(1000)]
    alpha = compare_experts(arrange(answers)).krippendorff_alpha
    slow = np.quantile([textbook.alpha(draw) for draw in draws], [0.025, 0.975])
    assert (alpha.low, alpha.high) == pytest.approx(tuple(slow), abs=0.02)


def resampled(images, generator):
    return [
        GivenAnswer(str(turn), answer.crystal, answer.expert, answer.label)
        for turn, drawn in enumerate(generator.integers(0, len(images), len(images)))
        for answer in images[drawn]
    ]


def test_an_expert_who_answers_a_crystal_twice_is_named():
    twice = [*lines("ab", "ab"), GivenAnswer("i0", "c1", "B", "a")]
    with pytest.raises(AgreementError, match="B answers crystal c1 of image i0 more than once"):
        arrange(twice)


def test_one_expert_alone_cannot_agree():
    with pytest.raises(AgreementError, match="Only one expert, A, has answered"):
        arrange(lines("ab", ".."))


def test_a_table_of_empty_labels_holds_no_answer():
    with pytest.raises(AgreementError, match="holds no answer"):
        arrange(lines("..", ".."))


def test_a_column_of_remarks_is_not_compared_as_classes():
    remarks = [
        GivenAnswer("i", f"c{n}", expert, f"remark {n} of {expert}")
        for n in range(40)
        for expert in "AB"
    ]
    with pytest.raises(AgreementError, match=r"80 different answers, such as “remark 0 of A”"):
        arrange(remarks)


def test_an_answer_without_an_expert_is_refused_with_its_values():
    with pytest.raises(AgreementError, match=r"“RES”.*crystal “c1”.*empty “expert”"):
        arrange([GivenAnswer("i", "c1", "", "RES")])


def test_an_expert_with_the_separator_of_pairs_in_the_name_is_refused():
    with pytest.raises(AgreementError, match="rename the expert"):
        arrange([GivenAnswer("i", "c1", "A|B", "RES")])


def test_experts_who_labelled_different_crystals_cannot_be_compared():
    with pytest.raises(AgreementError, match="No crystal was answered by two experts"):
        agreement("ab..", "..ab")


def test_every_coefficient_has_an_interval_from_ten_images_on():
    generator = np.random.default_rng(3)
    columns = ["".join(generator.choice(["a", "a", "b"], 120)) for _ in range(3)]
    measured = agreement(*columns, images=12)
    found = measured.intervals
    several = [found.cohen_kappa, found.per_class_alpha, found.per_class_agreement]
    one = [found.percent_agreement, found.gwet_ac1, found.fleiss_kappa, measured.human_ceiling]
    every = [*one, *(each for many in several for each in many.values())]
    assert all(each.low <= each.value <= each.high for each in every)


def test_below_ten_images_no_coefficient_has_an_interval():
    found = agreement("ab" * 9, "ab" * 8 + "aa", images=9).intervals
    assert {each.low for each in (found.percent_agreement, found.gwet_ac1)} == {None}
    assert found.cohen_kappa["A|B"].low is None


def test_a_pair_that_shares_few_images_has_no_interval_of_its_own():
    measured = agreement("ab" * 10, "ab" * 9 + "aa", "ab" + "." * 18, images=10)
    assert measured.intervals.cohen_kappa["A|B"].low is not None
    assert measured.intervals.cohen_kappa["A|C"].low is None


def test_an_undefined_coefficient_has_no_value_and_no_interval():
    alpha = agreement("a" * 20, "a" * 20, images=10).krippendorff_alpha
    assert (alpha.value, alpha.low, alpha.high) == (None, None, None)
