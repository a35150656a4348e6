"""Folds objects and arrays of an indented text, so that only their first line is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtGui import QTextBlock, QTextDocument

_OPENERS = ("{", "[")


class Folds:
    """What is folded in one document. A line that ends with a bracket can be folded."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._folded: dict[int, int] = {}  # by number of the first line: the last one hidden
        self.possible = False

    def __bool__(self) -> bool:
        return bool(self._folded)

    def clear(self, *, possible: bool) -> None:
        """Begin anew, as with another text. `possible`: it is indented by what is in what."""
        self._folded.clear()
        self.possible = possible

    def can_fold(self, block: QTextBlock) -> bool:
        """Whether an object or array begins in this line that has lines of its own."""
        return self.possible and block.text().endswith(_OPENERS) and block.next().isValid()

    def is_folded(self, block: QTextBlock) -> bool:
        """Whether what begins in this line is folded."""
        return block.blockNumber() in self._folded

    def hidden_below(self, block: QTextBlock) -> int:
        """Give how many lines are hidden below this one."""
        number = block.blockNumber()
        return self._folded.get(number, number) - number

    def toggle(self, block: QTextBlock) -> bool:
        """Fold or unfold what begins in this line; False where nothing does."""
        return self.unfold(block) if self.is_folded(block) else self.fold(block)

    def fold(self, block: QTextBlock) -> bool:
        """Fold what begins in this line, or what this line is in; False where there is nothing."""
        opener = block if self.can_fold(block) else self._around(block)
        if opener is None or self.is_folded(opener):
            return False
        last = opener
        for inner in _inner(opener):
            inner.setVisible(False)
            last = inner
        self._folded[opener.blockNumber()] = last.blockNumber()
        self._relayout(opener, last)
        return True

    def unfold(self, block: QTextBlock) -> bool:
        """Unfold what is folded in this line; False where nothing is. What is in it stays so."""
        number = block.blockNumber()
        last = self._folded.pop(number, None)
        if last is None:
            return False
        block = opener = self._document.findBlockByNumber(number)
        while block.blockNumber() < last:
            block = block.next()
            block.setVisible(True)
            inner = self._folded.get(block.blockNumber())
            if inner is not None:
                block = self._document.findBlockByNumber(inner)
        self._relayout(opener, block)
        return True

    def folded(self) -> dict[int, str]:
        """Give the lines that are folded by their numbers, the innermost first."""
        numbers = sorted(self._folded, reverse=True)
        return {one: self._document.findBlockByNumber(one).text() for one in numbers}

    def fold_again(self, lines: Mapping[int, str]) -> None:
        """Fold what `folded` gave of another text, as far as the same lines are there."""
        for number, text in lines.items():
            block = self._document.findBlockByNumber(number)
            if block.isValid() and block.text() == text and self.can_fold(block):
                self.fold(block)

    def reveal(self, block: QTextBlock) -> bool:
        """Unfold all that hides this line; False where nothing does."""
        number = block.blockNumber()
        around = sorted(one for one, last in self._folded.items() if one < number <= last)
        for one in around:
            self.unfold(self._document.findBlockByNumber(one))
        return bool(around)

    def _around(self, block: QTextBlock) -> QTextBlock | None:
        """Give the line in which the object or array begins that this line is in."""
        if not self.possible:
            return None
        depth = _indent(block)
        while block.isValid() and depth:
            block = block.previous()
            if _indent(block) < depth and self.can_fold(block):
                return block
        return None

    def _relayout(self, first: QTextBlock, last: QTextBlock) -> None:
        end = last.position() + last.length()
        self._document.markContentsDirty(first.position(), end - first.position())


def _inner(opener: QTextBlock) -> Iterator[QTextBlock]:
    """Yield the lines below one that opens an object or array, to the one that closes it."""
    depth = _indent(opener)
    block = opener.next()
    while block.isValid():
        yield block
        if _indent(block) <= depth:
            return
        block = block.next()


def _indent(block: QTextBlock) -> int:
    text = block.text()
    return len(text) - len(text.lstrip(" "))
