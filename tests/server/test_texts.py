"""The server's copy of a text, and where findings stand in a text that was changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from trl_lint.model.span import Span
from trl_lint.server.carrying import Change
from trl_lint.server.positions import Lines
from trl_lint.server.texts import ExactDocument

TEXTS = st.text(alphabet="ab😀é\n\r\x0c\u2028 ", max_size=30)


@given(text=TEXTS, edits=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), TEXTS), max_size=5))
def test_a_text_after_any_edits_is_that_of_the_client(text: str, edits: list[tuple[int, int, str]]) -> None:
    document = ExactDocument("file:///a.py", text, 1, "python", position_codec=PositionCodec("utf-16"))
    for one, other, new in edits:
        start, end = sorted((min(one, len(text)), min(other, len(text))))
        if "\r" in text[max(0, start - 1) : start] or "\r" in text[max(0, end - 1) : end]:
            continue  # a client has no position between `\r` and `\n`
        where = Lines(text).range(start, end)
        document.apply_change(types.TextDocumentContentChangePartial(where, new))
        text = text[:start] + new + text[end:]
        assert document.source == text


@given(before=TEXTS, after=TEXTS)
def test_a_change_is_the_smallest_range_in_which_two_texts_differ(before: str, after: str) -> None:
    change = Change.between(before, after)
    assert before[: change.start] == after[: change.start]
    assert before[change.old_end :] == after[change.new_end :]
    assert change.start <= change.old_end
    assert change.start <= change.new_end
    replaced = before[: change.start] + after[change.start : change.new_end] + before[change.old_end :]
    assert replaced == after


@given(before=TEXTS, new=TEXTS, data=st.data())
def test_a_span_that_an_edit_does_not_touch_covers_the_same_text(before: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    after = before[:start] + new + before[end:]
    change = Change.between(before, after)
    for span in (Span("a", 0, start), Span("a", end, len(before))):
        if span.end <= change.start or span.start >= change.old_end:
            moved = change.move(span)
            assert moved is not None
            assert after[moved.start : moved.end] == before[span.start : span.end]


def test_a_span_whose_end_was_edited_away_is_gone() -> None:
    before = "f(assistant_only_loss=True)"
    change = Change.between(before, "f(assistant_onl")
    assert change.move(Span("a", 2, 26)) is None
    assert change.move(Span("a", 0, 2)) == Span("a", 0, 2)
