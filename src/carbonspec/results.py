"""What `carbonspec.run` returns: models and tables by name, as data frames and as text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.report.run import ModelColumn, Run

if TYPE_CHECKING:
    import pandas as pd


class ModelResult:
    """One model of a run."""

    def __init__(self, name: str, columns: tuple[ModelColumn, ...], run: Run) -> None:
        self.name = name
        self.columns = columns
        self._run = run

    def tidy(self) -> pd.DataFrame:
        """A row per coefficient, with broom's names: model, column, outcome, term, estimate, std_error, …"""
        import pandas as pd

        from carbonspec.report.tidy import tidy_rows

        return pd.DataFrame(tidy_rows(self.columns, self._run))

    def glance(self) -> pd.DataFrame:
        """A row per column: n, n_ids, n_clusters, df_resid, r2_within, r2_overall, r2_between, r2_adj, sigma, vcov."""
        import pandas as pd

        from carbonspec.report.tidy import glance_rows

        return pd.DataFrame(glance_rows(self.columns, self._run))

    def __repr__(self) -> str:
        return f"<model {self.name}: {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        html: str = self.tidy().to_html(index=False)
        return html


class StudyResult:
    """A finished run. `result["benchmark"]` is a model, `result.table("5")` a table.

    `remarks` are notes on the run that say nothing about its results: stored results that were damaged, a full disk.
    """

    def __init__(self, run: Run, remarks: tuple[Diagnostic, ...] = ()) -> None:
        self.run = run
        self.remarks = remarks

    def __getitem__(self, model: str) -> ModelResult:
        if model not in self.run.models:
            known = ", ".join(self.run.models) or "none"
            raise KeyError(f"no model called {model!r}; this study has: {known}")
        return ModelResult(model, self.run.models[model], self.run)

    def __iter__(self) -> Any:
        return iter(self.run.models)

    def table(self, number: str | int) -> Any:
        """A table by its number, with `.latex()`, `.markdown()`, `.html()`."""
        from carbonspec.report.tidy import table_view

        return table_view(self.run, str(number))

    def write(self, outputs: str | os.PathLike[str] = "out") -> Path:
        """Write report, tables and results.json to `<outputs>/<spec>/`; returns that folder."""
        from carbonspec.engine.write import write_whole
        from carbonspec.report.files import files

        folder = Path(outputs) / Path(self.run.provenance.spec).stem
        write_whole(files(self.run), folder)
        return folder

    @property
    def ok(self) -> bool:
        """Whether every task finished and every `expect` was met."""
        return not self.failures and all(e.met for e in self.run.expectations)

    @property
    def failures(self) -> tuple[Any, ...]:
        """Everything that could not be done."""
        columns = (c.failure for model in self.run.models.values() for c in model if c.failure is not None)
        return (*self.run.failures, *columns)

    def _repr_html_(self) -> str:
        from carbonspec.report.compose.study import compose
        from carbonspec.report.renderers.html import render

        return render(compose(self.run))
