import pytest

from microcrystalnet.storage.replica import carry_over, committed


@pytest.fixture
def target(tmp_path):
    return tmp_path / "log" / "ay" / "s.label.jsonl"


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_missing_journal_is_created(target):
    assert carry_over(b"1\n2\n", target) == target
    assert target.read_bytes() == b"1\n2\n"


@pytest.mark.parametrize("there", [b"", b"1\n", b"1\n2", b"1\n2\n"])
def test_a_beginning_is_continued(target, there):
    put(target, there)
    assert carry_over(b"1\n2\n", target) == target
    assert target.read_bytes() == b"1\n2\n"


def test_a_longer_journal_is_left_alone(target):
    put(target, b"1\n2\n3\n")
    carry_over(b"1\n2\n", target)
    assert target.read_bytes() == b"1\n2\n3\n"


@pytest.mark.parametrize("there", [b"1\n\0\0\0\0", b"1\nX", b"other\n"])
def test_a_different_journal_is_kept_and_ours_goes_beside_it(target, there):
    put(target, there)
    beside = carry_over(b"1\n2\n", target)
    assert beside.name == "s.label~1.jsonl"
    assert (target.read_bytes(), beside.read_bytes()) == (there, b"1\n2\n")


def test_what_stands_beside_already_is_continued_there(target):
    put(target, b"other\n")
    carry_over(b"1\n", target)
    assert carry_over(b"1\n2\n", target).name == "s.label~1.jsonl"
    assert len(list(target.parent.iterdir())) == 2


def test_carrying_over_twice_changes_nothing(target):
    put(target, b"other\n")
    carry_over(b"1\n", target)
    carry_over(b"1\n", target)
    assert len(list(target.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("content", "kept"), [(b"", b""), (b"1", b""), (b"1\n2", b"1\n"), (b"1\n\0\0", b"1\n")]
)
def test_the_committed_part_ends_with_a_line_feed(content, kept):
    assert committed(content) == kept
