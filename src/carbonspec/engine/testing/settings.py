"""What the clauses of a test say, with defaults."""

from __future__ import annotations

from carbonspec.lang.spec import Expr, Literal, Test


class TestSettings:
    """Clauses by word; options of methods as `llc.bandwidth`, parts of a clause as `lags.most`."""

    __test__ = False

    def __init__(self, test: Test) -> None:
        self._values: dict[str, tuple[Expr, ...]] = {
            setting.word: tuple(value.value for value in setting.values) for setting in test.settings
        }

    def expression(self, word: str) -> Expr | None:
        """The first value of a clause; None without it."""
        found = self._values.get(word, ())
        return found[0] if found else None

    def word(self, word: str, default: str = "") -> str:
        """A word."""
        found = self.expression(word)
        return str(found.value) if isinstance(found, Literal) else default

    def words(self, word: str) -> tuple[str, ...]:
        """All words of a clause."""
        return tuple(str(value.value) for value in self._values.get(word, ()) if isinstance(value, Literal))

    def number(self, word: str) -> int | None:
        """A whole number; None without the clause."""
        found = self.expression(word)
        if isinstance(found, Literal) and not isinstance(found.value, str):
            return int(found.value)
        return None
