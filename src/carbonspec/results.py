"""What `carbonspec.run` returns: models and tables by name, as data frames and as text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.report.run import MediationOutcome, ModelColumn, Run, TestOutcome

if TYPE_CHECKING:
    import pandas as pd

    from carbonspec.lang.spec import Quantity
    from carbonspec.report.figure_view import FigureView
    from carbonspec.report.tidy import TableView


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


class MediationResult:
    """One mediation of a run: an analysis, or one for each value of its split."""

    def __init__(self, name: str, outcomes: tuple[MediationOutcome, ...], run: Run) -> None:
        self.name = name
        self.outcomes = outcomes
        self._run = run

    def tidy(self) -> pd.DataFrame:
        """A row per effect, then per product test: mediation, term, kind, estimate, std_error, statistic, p_value, …"""
        import pandas as pd

        from carbonspec.report.tidy import mediation_rows

        return pd.DataFrame(mediation_rows(self.outcomes))

    @property
    def columns(self) -> ModelResult:
        """Its regressions: total, each mediator, outcome."""
        return ModelResult(self.name, self._run.findings.models[self.name], self._run)

    def glance(self) -> pd.DataFrame:
        """A row per column of its regressions, as of a model."""
        return self.columns.glance()

    def draws(self) -> pd.DataFrame:
        """The bootstrap's draws, a column per effect, each in ascending order; empty without a bootstrap."""
        import pandas as pd

        return pd.DataFrame({name: values for outcome in self.outcomes[:1] for name, values in outcome.draws.items()})

    @property
    def verdict(self) -> str:
        """What the numbers say, in a sentence or two."""
        return " ".join(outcome.verdict for outcome in self.outcomes)

    def __repr__(self) -> str:
        return f"<mediation {self.name}: {self.verdict}>"

    def _repr_html_(self) -> str:
        html: str = self.tidy().to_html(index=False)
        return html


class TestedResult:
    """One test of a run."""

    __test__ = False

    def __init__(self, outcome: TestOutcome) -> None:
        self.name = outcome.name
        self.outcome = outcome

    def tidy(self) -> pd.DataFrame:
        """A row a statistic: what a bracket calls it, value, p_value, df, N, groups, null, convention, …"""
        import pandas as pd

        from carbonspec.report.tidy import rows_of_test

        return pd.DataFrame(rows_of_test(self.outcome))

    def draws(self) -> pd.DataFrame:
        """Bootstrap draws or permutations, a column for each statistic or coefficient; empty without."""
        import pandas as pd

        return pd.DataFrame({name: pd.Series(values) for name, values in self.outcome.draws.items()})

    def __repr__(self) -> str:
        return f"<test {self.name}: {len(self.outcome.rows)} statistics>"

    def _repr_html_(self) -> str:
        html: str = self.tidy().to_html(index=False)
        return html


class StudyResult:
    """A finished run. `result["benchmark"]` is a model, `result.table("5")` a table, `result.figure("2")` a figure.

    `remarks` are notes on the run that say nothing about its results: stored results that were damaged, a full disk.
    """

    def __init__(self, run: Run, remarks: tuple[Diagnostic, ...] = ()) -> None:
        self.run = run
        self.remarks = remarks

    def __getitem__(self, model: str) -> ModelResult | MediationResult | TestedResult:
        if model in self.run.tests:
            return TestedResult(self.run.tests[model])
        if model in self.run.mediations:
            return MediationResult(model, self.run.mediations[model], self.run)
        if model not in self.run.models:
            known = ", ".join((*self.run.models, *self.run.mediations, *self.run.tests)) or "none"
            raise KeyError(f"no model called {model!r}; this study has: {known}")
        return ModelResult(model, self.run.models[model], self.run)

    def __iter__(self) -> Any:
        return iter((*self.run.models, *self.run.mediations))

    def table(self, number: str | int) -> Any:
        """A table by its number, with `.latex()`, `.markdown()`, `.html()`."""
        from carbonspec.report.tidy import table_view

        return table_view(self.run, str(number))

    def figure(self, number: str | int) -> FigureView:
        """A figure by its number, with `.svg()`, `.pdf()`, `.png()`, `.save("figure.pdf")`."""
        from carbonspec.report.figure_view import figure_view

        return figure_view(self.run, str(number))

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
        mediations = (o.failure for parts in self.run.mediations.values() for o in parts if o.failure is not None)
        return (*self.run.failures, *columns, *mediations)

    def _repr_html_(self) -> str:
        from carbonspec.report.compose.study import compose
        from carbonspec.report.renderers.html import render

        return render(compose(self.run))


class Outcome:
    """What became of one of several studies: its result, or the diagnostics that say why there is none.

    `in_data` says that these speak of the data.
    """

    def __init__(
        self,
        path: str,
        result: StudyResult | None,
        diagnostics: tuple[Diagnostic, ...] = (),
        *,
        in_data: bool = False,
    ) -> None:
        self.path, self.result = path, result
        self.diagnostics, self.in_data = diagnostics, in_data

    @property
    def name(self) -> str:
        """The spec's file, without its folder and ending."""
        return Path(self.path).stem

    @property
    def failure(self) -> str:
        """Why there is no result, in a few words; "" where there is one."""
        if self.result is not None:
            return ""
        errors = [d for d in self.diagnostics if d.severity == ERROR]
        first = errors[0].message if errors else "not run"
        return first if len(errors) < 2 else f"{len(errors)} errors, the first: {first}"


class Comparison:
    """Several runs side by side. `comparison["paper"]` is a run; `tidy()` and `table()` the numbers compared.

    `wanted` are the quantities and hypotheses asked for, `asked` what the quantities are in each study, by its path.
    """

    def __init__(
        self, outcomes: tuple[Outcome, ...], wanted: tuple[str, ...], asked: Mapping[str, Mapping[str, Quantity]]
    ) -> None:
        from carbonspec.report.comparison import Variant, subjects

        self.outcomes = outcomes
        self.variants = tuple(
            Variant(o.name, o.result.run if o.result else None, o.failure, tuple(asked.get(o.path, {}).items()))
            for o in outcomes
        )
        self.subjects = subjects(self.variants, wanted)

    def __getitem__(self, name: str) -> StudyResult:
        for outcome in self.outcomes:
            if outcome.name == name and outcome.result is not None:
                return outcome.result
        known = ", ".join(o.name for o in self.outcomes if o.result is not None) or "none"
        raise KeyError(f"no run called {name!r}; these finished: {known}")

    def __iter__(self) -> Iterator[str]:
        return (outcome.name for outcome in self.outcomes if outcome.result is not None)

    @property
    def ok(self) -> bool:
        """Whether every study ran, every task finished and every `expect` was met."""
        return all(outcome.result is not None and outcome.result.ok for outcome in self.outcomes)

    def tidy(self) -> pd.DataFrame:
        """A row a number and spec: spec, hypothesis, quantity, estimate, std_error, p_value, stars, n, vcov, …"""
        import pandas as pd

        from carbonspec.report.comparison import rows

        return pd.DataFrame(rows(self.variants, self.subjects))

    def table(self) -> TableView:
        """The table, with `.latex()`, `.markdown()`, `.html()`."""
        from carbonspec.report.compose.comparison import compose_comparison
        from carbonspec.report.tidy import TableView

        return TableView((compose_comparison(self.variants, self.subjects),))

    def write(self, outputs: str | os.PathLike[str] = "out") -> tuple[Path, ...]:
        """Write every run to its folder and `comparison.{html,md,tex,csv,json}`; returns these files."""
        for outcome in self.outcomes:
            if outcome.result is not None:
                outcome.result.write(outputs)
        return self.write_comparison(outputs)

    def write_comparison(self, outputs: str | os.PathLike[str] = "out") -> tuple[Path, ...]:
        """Write `comparison.{html,md,tex,csv,json}` below the output folder, each whole or not at all."""
        from carbonspec.engine.wholefile import replace_file
        from carbonspec.report.files import comparison_files

        folder = Path(outputs)
        folder.mkdir(parents=True, exist_ok=True)
        made = comparison_files(self.variants, self.subjects)
        for name, content in made.items():
            replace_file(str(folder / name), content.encode())
        return tuple(folder / name for name in made)

    def _repr_html_(self) -> str:
        html: str = self.table().html()
        return html
