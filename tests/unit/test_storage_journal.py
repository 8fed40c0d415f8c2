import pytest

from microcrystalnet.storage.event import FIRST, MAX_LINE_BYTES, details_text, encode, new_event
from microcrystalnet.storage.journal import Journal

OPENING = {"actor": "AY", "prev": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}


def lines(count):
    written, previous = [], FIRST
    for n in range(1, count + 1):
        event = new_event("session.open" if n == 1 else "label.set", n, OPENING if n == 1 else {})
        line, previous = encode(n, previous, event, details_text(event.d))
        written.append(line)
    return written


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.jsonl"


def read(path):
    journal = Journal(path, path.name, "ay-941599")
    return [event.lc for event in journal.read()], journal


def texts(journal):
    return [(problem.line, problem.text) for problem in journal.problems]


def test_all_lines_are_read(path):
    path.write_bytes(b"".join(lines(4)))
    assert read(path)[0] == [1, 2, 3, 4]


def test_the_first_line_names_the_expert_and_the_session_before(path):
    path.write_bytes(b"".join(lines(1)))
    _, journal = read(path)
    assert (journal.actor, journal.previous) == ("AY", "01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_name_that_does_not_belong_to_the_folder_is_not_believed(path):
    path.write_bytes(b"".join(lines(1)))
    journal = Journal(path, path.name, "somebody-else")
    list(journal.read())
    assert journal.actor == "somebody-else"


@pytest.mark.parametrize("tail", [b"", b'{"n":4,"p":"', b"\0" * 700])
def test_an_uncommitted_end_is_silent(path, tail):
    path.write_bytes(b"".join(lines(3)) + tail)
    found, journal = read(path)
    assert (found, journal.problems) == ([1, 2, 3], [])


def test_a_last_line_without_its_line_feed_is_read_once_it_is_complete(path):
    written = b"".join(lines(3))
    path.write_bytes(written[:-9])
    first, journal = read(path)
    path.write_bytes(written)
    assert (first, [event.lc for event in journal.read()]) == ([1, 2], [3])


def test_only_what_is_new_is_read_again(path):
    written = lines(5)
    path.write_bytes(b"".join(written[:3]))
    _, journal = read(path)
    path.write_bytes(b"".join(written))
    assert [event.lc for event in journal.read()] == [4, 5]


def test_a_bad_line_is_skipped_and_listed(path):
    written = lines(4)
    written[1] = written[1].replace(b"label", b"lebal")
    path.write_bytes(b"".join(written))
    found, journal = read(path)
    assert found == [1, 3, 4]
    assert texts(journal) == [(2, "the hash does not fit the text; the line is skipped")]


def test_a_missing_line_is_listed(path):
    written = lines(4)
    path.write_bytes(b"".join([*written[:2], written[3]]))
    found, journal = read(path)
    assert found == [1, 2, 4]
    assert texts(journal) == [(3, "a line before this one is missing")]


def test_an_endless_line_inside_is_skipped_and_the_rest_read(path):
    written = lines(3)
    path.write_bytes(written[0] + b"x" * (2 * MAX_LINE_BYTES + 99) + b"\n" + b"".join(written[1:]))
    found, journal = read(path)
    assert found == [1, 2, 3]
    assert texts(journal)[0][0] == 2


def test_of_very_many_damaged_lines_the_first_ones_are_listed(path):
    path.write_bytes(b"".join(lines(1)) + b"no event\n" * 250)
    found, journal = read(path)
    assert (found, len(journal.problems)) == ([1], 101)
    assert texts(journal)[0][0] == 2
    assert texts(journal)[-1] == (None, "150 more lines are damaged as well")
