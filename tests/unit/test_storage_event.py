import pytest

from microcrystalnet.storage.event import (
    FIRST,
    MAX_LINE_BYTES,
    DamagedLineError,
    decode,
    details_text,
    encode,
    new_event,
)


def line_of(event, n=1, previous=FIRST):
    return encode(n, previous, event, details_text(event.d))


def test_a_line_reads_back_as_it_was_written():
    event = new_event("label.set", 7, {"cls": "RES", "note": "Çatlak, µm"})
    line, digest = line_of(event, 3, "0123456789abcdef")
    read = decode(line.removesuffix(b"\n"))
    assert (read.n, read.p, read.h, read.event) == (3, "0123456789abcdef", digest, event)


def test_a_name_with_bytes_that_are_no_text_keeps_no_line_from_being_written():
    event = new_event("image.add", 7, {"file_name": "caf\udce9.tif"})
    line, _ = line_of(event)
    assert decode(line.removesuffix(b"\n")).event == event


def test_a_line_has_the_documented_order_of_keys():
    line, digest = line_of(new_event("label.set", 7, {"cls": "RES"}))
    assert line.startswith(b'{"n":1,"p":"0000000000000000","id":"')
    assert line.endswith(b',"t":"label.set","d":{"cls":"RES"},"h":"' + digest.encode() + b'"}\n')


@pytest.mark.parametrize("position", [5, 40, 90, -5])
def test_one_flipped_bit_is_noticed(position):
    line = bytearray(line_of(new_event("label.set", 7, {"cls": "RES"}))[0].removesuffix(b"\n"))
    line[position] ^= 1
    with pytest.raises(DamagedLineError):
        decode(bytes(line))


@pytest.mark.parametrize("line", [b"", b"{}", b"\0" * 200, b"[" * 5000, b'{"n":1}'])
def test_what_is_not_a_line_is_refused(line):
    with pytest.raises(DamagedLineError):
        decode(line)


@pytest.mark.parametrize(
    "details", ['{"x":NaN}', '{"x":' + "[" * 100_000 + "]" * 100_000 + "}", "7"]
)
def test_a_line_of_right_hash_and_wrong_content_is_refused(details):
    line, _ = encode(1, FIRST, new_event("label.set", 7, {}), details)
    with pytest.raises(DamagedLineError, match="not an event"):
        decode(line.removesuffix(b"\n"))


def test_an_endless_line_is_refused():
    with pytest.raises(DamagedLineError, match="8 MiB"):
        decode(b" " * (MAX_LINE_BYTES + 1))


def test_not_a_number_is_never_written():
    with pytest.raises(ValueError, match="JSON"):
        details_text({"x": float("nan")})
