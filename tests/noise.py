"""Damage that is drawn at random, and the same every time: what property tests share."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

always_the_same = settings(derandomize=True, deadline=None, database=None, max_examples=250)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@st.composite
def damaged(draw: st.DrawFn, sound: st.SearchStrategy[bytes]) -> bytes:
    """Sound bytes with up to four places overwritten, cut out or stuffed."""
    data = bytearray(draw(sound))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        stop = start + draw(st.sampled_from([0, 1, 1, 2, 8, 1000]))
        data[start:stop] = draw(st.binary(max_size=4) | st.sampled_from(JUNK))
    return bytes(data)


JUNK = [
    b"null", b"[]", b"{}", b"-1", b"1e999", b"NaN", b'"\\ud800"', b"\0", b"\xff\xfe", b'",', b"\r",
    b"9" * 5000, b"[" * 2000, b'{"dict":', b'"tensor"', b'"cells"', b"\xed\xa0\x80",
]  # fmt: skip
