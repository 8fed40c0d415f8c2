"""Write the few parts of the ONNX file format that a classifier needs.

The format is protocol buffers; field numbers are those of ``onnx.proto3`` of ONNX 1.18.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

IR_VERSION, OPSET = 8, 17
FLOAT, INT64 = 1, 7
Setting = int | float | str | Sequence[int]


def node(
    kind: str, inputs: Sequence[str], output: str, settings: Mapping[str, Setting] | None = None
) -> bytes:
    """Give one operation (``NodeProto``); `graph_file` takes a list of them."""
    attributes = (_text(1, name) + _setting(value) for name, value in (settings or {}).items())
    return b"".join(
        [
            *(_text(1, name) for name in inputs),
            _text(2, output),
            _text(3, output),
            _text(4, kind),
            *(_bytes(5, each) for each in attributes),
        ]
    )


def graph_file(
    nodes: Iterable[bytes],
    stored: Mapping[str, NDArray[np.float32] | NDArray[np.int64]],
    taken: tuple[str, Sequence[int | str]],
    given: tuple[str, Sequence[int | str]],
) -> bytes:
    """Give the file (``ModelProto``) of a graph.

    Parameters
    ----------
    nodes
        Operations in the order they are done.
    stored
        Constant tensors by name.
    taken, given
        Name and shape of the float32 input and output; a word stands for a free length.
    """
    graph = b"".join(
        [
            *(_bytes(1, each) for each in nodes),
            _text(2, "classifier"),
            *(_bytes(5, _tensor(name, values)) for name, values in stored.items()),
            _bytes(11, _tensor_kind(*taken)),
            _bytes(12, _tensor_kind(*given)),
        ]
    )
    return _number(1, IR_VERSION) + _bytes(7, graph) + _bytes(8, _number(2, OPSET))


def _setting(value: Setting) -> bytes:
    if isinstance(value, str):
        return _text(4, value) + _number(20, 3)
    if isinstance(value, float):
        return _key(2, 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return _number(3, value) + _number(20, 2)
    return b"".join(_number(8, each) for each in value) + _number(20, 7)


def _tensor(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    kind = INT64 if values.dtype == np.int64 else FLOAT
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    shape = b"".join(_number(1, length) for length in values.shape)
    return shape + _number(2, kind) + _text(8, name) + _bytes(9, little.tobytes())


def _tensor_kind(name: str, shape: Sequence[int | str]) -> bytes:
    lengths = (_text(2, each) if isinstance(each, str) else _number(1, each) for each in shape)
    dimensions = b"".join(_bytes(1, each) for each in lengths)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, dimensions)))


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Write a whole number, seven bits a byte; negative ones as 64-bit two's complement."""
    value &= 2**64 - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
