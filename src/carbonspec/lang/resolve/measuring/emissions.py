"""The clauses of `emissions`: fuels, and beside them electricity, heat, transport and anything else."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.measuring.clauses import Reader, one
from carbonspec.lang.resolve.measuring.components import key_of, label_of, twice
from carbonspec.lang.resolve.measuring.fuels import ENERGY, FREIGHT, MASS, PASSENGERS, Fuels
from carbonspec.lang.resolve.names import DATA, few
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.spec import RAW, Expr, Literal, Ref, Setting, SettingValue
from carbonspec.signature import Parameter

KINDS = ("average", "om", "bm")
PER = ("raw", "tce", "energy")
MODES = ("rail", "road", "water", "air")
"""Modes whose passenger km have a weight by convention; others say theirs."""


class Emission(Fuels):
    """Reads `emissions(energy)`."""

    def special(self) -> dict[str, Reader]:
        self.modes: dict[tuple[str, str], ast.Value] = {}
        self.excluded: ast.Clause | None = None
        return {
            **super().special(),
            "expression": self._added,
            "electricity": self._electricity,
            "heat": self._heat,
            "transport": self._transport,
            "apportion": self._apportion,
        }

    def check(self) -> None:
        said = {clause.word.text for clause in self.statement.clauses}
        parts = said & {"fuel", "add", "electricity", "heat", "apportion"}
        if "transport" in said and self.excluded is None:
            parts.add("transport")
        if not parts and not self.modes and not self.statement.broken and not self.misspelt:
            name = self.statement.name
            assert name is not None
            fuels = 'a line a unit: `fuel raw_coal, coke unit "10^4 t"`'
            help_ = f"{fuels}; or `electricity`, `heat`, `transport`, `add`"
            self.error("E307", "`emissions` has no component", name.span, help_)
        if "apportion" in self.clauses and not self.modes:
            help_ = 'a line a mode: `transport road = freight unit "10^8 t km" intensity 60`'
            message = "`apportion` shares a national total by `transport` lines, and there are none"
            self.error("E307", message, self.clauses["apportion"][0].span, help_)
        burnt = {key_of(value) for clause in self.clauses.get("fuel", ()) for value in clause.values}
        for word in ("oxidation", "calorific"):
            for clause in self.clauses.get(word, ()):
                for value in clause.values:
                    if burnt and value.name is not None and key_of(value) not in burnt:
                        message = f"`{word}` speaks of `{key_of(value)}`, which is no fuel of this measure"
                        self.error("E801", message, value.name.span, suggestion(key_of(value), burnt) or "take it out")
        for called, place, first in twice(self.statement):
            related = (Related(first, "first here"),)
            help_ = "give one of them another name: `add name = …`"
            self.error("E304", f"two components are called `{called}`", place, help_, related=related)

    # --- amounts ------------------------------------------------------------------------------------

    def _amount(self, value: ast.Value, named: bool = False) -> Expr | None:
        """What a component is counted from."""
        if value.name is not None and not named:
            text = written(value.value)
            help_ = f'a label is written `{text} "…"`; `add {written(value.name)} = …` gives a component a name'
            self.error("E330", "`=` gives a value to a name, and this takes none", value.span, help_)
            return None
        found = self.resolved(value.value)
        if found is None or not self.is_amount(found, value):
            self.sound = False
            return None
        return found

    def _complete(self, clause: ast.Clause, **wanted: str) -> bool:
        """E307 for qualifiers that a line cannot do without, unless they may stand there misspelt."""
        known = self.known[clause.word.text].qualifiers
        lost = [word for word in wanted if self.qualifier(clause, word) is None]
        if lost and all(q.word.text in known for q in clause.qualifiers):
            message = f"`{clause.word.text}` does not say its {listed(lost)}"
            self.error("E307", message, clause.span, *(wanted[word] for word in lost))
        return not lost

    def _number_of(self, clause: ast.Clause, word: str, low: float, high: float | None = None) -> Setting | None:
        """A qualifier that is a number within bounds, or a column; None without one, or after an error."""
        value = self.qualifier(clause, word)
        if value is None:
            return None
        given = number(value.value)
        if given is not None and (given < low or (high is not None and not 0 < given <= high)):
            bounds = f"from {low:g} up" if high is None else f"above 0, at most {high:g}"
            percent = high == 1 and 1 < given <= 100 and not written(value.value).endswith("%")
            help_ = f"write `{given:g}%`" if percent else ""
            self.error("E810", f"`{word}` is a number {bounds}", value.span, help_)
            return None
        found = self._amount(value)
        return None if found is None else one(word, found, value)

    def _unit_of(self, clause: ast.Clause, what: str, example: str, *sorts: str) -> Setting | None:
        """The qualifier `unit`."""
        value = self.qualifier(clause, "unit")
        found = None if value is None else self.unit_of(value, what, example, *sorts)
        return None if found is None or value is None else one("unit", Literal(found, span=value.span), value)

    def _chosen_of(self, clause: ast.Clause, word: str, words: tuple[str, ...]) -> Setting | None:
        """A qualifier that is a word."""
        value = self.qualifier(clause, word)
        return None if value is None else self.chosen(value, words, word)

    def _component(self, clause: ast.Clause, value: ast.Value, *qualifiers: Setting | None) -> Setting | None:
        """A line of a component; None where something of it was wrong."""
        amount = self._amount(value, named=clause.word.text == "transport")
        if amount is None or not self.sound:
            return None
        key = written(value.name) if value.name is not None else ""
        made = SettingValue(amount, key, label_of(value), span=value.span)
        return Setting(clause.word.text, (made,), tuple(q for q in qualifiers if q is not None), span=clause.span)

    # --- components ---------------------------------------------------------------------------------

    def _added(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """`add expression "Label"`, `add name "Label" = expression`: anything else, as CO2."""
        value = clause.values[0]
        if value.name is not None and not isinstance(value.name, ast.Name):
            self.error("E303", f"`{written(value.name)}` is no name for a component", value.name.span)
            return None
        found = self._amount(value, named=True)
        if found is None:
            return None
        qualifiers = []
        unit, source = self.qualifier(clause, "unit"), self.qualifier(clause, "source")
        if unit is not None:
            text = self.unit_of(unit, "what is added is CO2, counted", "10^4 t", MASS)
            if text is None:
                return None
            qualifiers.append(one("unit", Literal(text, span=unit.span), unit))
        if source is not None:
            chosen = self.chosen(source, parameter.words, "source")
            if chosen is None:
                return None
            qualifiers.append(chosen)
        label = label_of(value) or (value.name.text if value.name is not None else "")
        return Setting("add", (SettingValue(found, "", label, span=value.span),), tuple(qualifiers), span=clause.span)

    def _electricity(self, clause: ast.Clause, _parameter: Parameter) -> Setting | None:
        """`electricity use unit "10^8 kWh" factor grids.factor on grid, year kind average`."""
        self._complete(
            clause,
            unit='`unit "10^8 kWh"`',
            factor="`factor grids.factor on grid, year`, t CO2 per MWh in another table, or a column of this one",
            kind="`kind average` of a grid, or `om` or `bm`, made for offset projects",
        )
        unit = self._unit_of(clause, "electricity is counted", "10^8 kWh", ENERGY)
        factor = self._grid_factor(clause)
        kind, carry = self._chosen_of(clause, "kind", KINDS), self._chosen_of(clause, "carry", ("nearest",))
        value = self.qualifier(clause, "carry")
        if carry is not None and value is not None and factor is not None and not factor.qualifiers:
            message = "`carry` goes to the nearest year of another table, and this factor is a column of this one"
            help_ = "take it out, or name the table: `factor grids.factor on grid, year`"
            self.error("E303", message, value.span, help_)
        if unit is None or factor is None or kind is None:
            return None
        return self._component(clause, clause.values[0], unit, factor, kind, carry)

    def _grid_factor(self, clause: ast.Clause) -> Setting | None:
        """A factor: a number or column of the table itself, or another table's with the columns that find its row."""
        value = self.qualifier(clause, "factor")
        if value is None:
            return None
        on = next((q for q in clause.qualifiers if q.word.text == "on"), None)
        expr = value.value
        table = expr.target if isinstance(expr, ast.Member) and isinstance(expr.target, ast.Name) else None
        if table is None or not isinstance(expr, ast.Member) or table.text == self.table:
            if on is not None:
                help_ = "name the table: `factor grids.factor on grid, year`"
                self.error("E303", "`on` finds the row of another table", on.span, help_)
                return None
            return self._number_of(clause, "factor", 0.0)
        declared = self.scope.declarations.get(table.text)
        if declared is None or declared.kind != DATA:
            if declared is not None or not self.scope.rest_unknown:
                help_ = suggestion(table.text, self.scope.of_kind(DATA)) or f"declare it: `data {table.text} from …`"
                self.error("E220", f"no data table called `{table.text}`", table.span, help_)
            self.sound = False
            return None
        self.scope.use(table.text)
        if on is None:
            help_ = f"`on grid, year`: the columns of `{self.table}` and of `{table.text}` that must agree"
            self.error("E307", f"`factor` does not say which row of `{table.text}` it takes", value.span, help_)
            return None
        column = self._of_other(table.text, expr.member)
        keys = [self._key(table.text, one_key) for one_key in on.values]
        if len(keys) != 2:
            span = on.values[0].span.to(on.values[-1].span)
            self.error("E305", "`on` takes the grid and the year", span, "for example `on grid, year`")
            return None
        if column is None or any(key is None for key in keys):
            return None
        pairs = tuple(key for key in keys if key is not None)
        if self._is_time(pairs[0]) and not self._is_time(pairs[1]):
            self.error("E305", "the grid comes first after `on`, then the year", on.span, "for example `on grid, year`")
            return None
        return one("factor", column, value).replace(qualifiers=(Setting("on", pairs, span=on.span),))

    def _is_time(self, pair: SettingValue) -> bool:
        return isinstance(pair.value, Ref) and pair.value.name == self.keys.get("time")

    def _key(self, table: str, value: ast.Value) -> SettingValue | None:
        """`grid`, or `power_grid = grid` where the two tables call it differently: own column, name of the other."""
        mine = value.name if value.name is not None else value.value
        if not isinstance(mine, ast.Name) or not isinstance(value.value, ast.Name):
            self.error("E303", "`on` takes columns, such as `grid, year` or `power_grid = grid, year`", value.span)
            return None
        found = self.resolved(mine)
        other = self._of_other(table, value.value)
        if not isinstance(found, Ref) or other is None:
            self.sound = False
            return None
        return SettingValue(found, other.name, span=value.span)

    def _of_other(self, table: str, column: ast.Expr) -> Ref | None:
        """A column of another table."""
        name = column.text if isinstance(column, ast.Name) else written(column)
        known = self.scope.table_columns.get(table)
        if not isinstance(column, ast.Name) or (known is not None and name not in known):
            help_ = suggestion(name, known or ()) or few(known or ())
            self.error("E210", f"the table `{table}` has no column `{name}`", column.span, help_)
            return None
        return Ref(name, RAW, table, span=column.span)

    def _heat(self, clause: ast.Clause, _parameter: Parameter) -> Setting | None:
        """`heat supply unit "10^10 kJ" factor 2.53 per tce efficiency 70%`."""
        self._complete(
            clause,
            unit='`unit "10^10 kJ"`',
            factor="t CO2 per what `per` says, for example `factor 1.98 per raw`",
            per="`per raw` (t of raw coal), `per tce` (t of coal equivalent) or `per energy` (GJ of raw coal)",
        )
        unit = self._unit_of(clause, "heat is counted", "10^10 kJ", ENERGY)
        factor = self._number_of(clause, "factor", 0.0)
        per = self._chosen_of(clause, "per", PER)
        efficiency = self._number_of(clause, "efficiency", 0.0, 1.0)
        if unit is None or factor is None or per is None:
            return None
        return self._component(clause, clause.values[0], unit, factor, per, efficiency)

    def _transport(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """`transport road = road_freight unit "10^8 t km" intensity 60`; `transport excluded` speaks of the fuels."""
        value = clause.values[0]
        if value.name is None:
            return self._vehicles(clause, value, parameter)
        if not isinstance(value.name, ast.Name):
            self.error("E303", f"`{written(value.name)}` is no mode of transport", value.name.span)
            return None
        mode = value.name.text
        self._complete(clause, unit='`unit "10^8 t km"` for freight, `unit "10^8 passenger km"` for passengers')
        unit = self._unit_of(clause, "turnover is counted", "10^8 t km", FREIGHT, PASSENGERS)
        if unit is None:
            return None
        sort = self.dimension(self.qualifier(clause, "unit") or value, "`unit`")
        people = sort is not None and sort[1] == PASSENGERS
        first = self.modes.setdefault((mode, sort[1] if sort is not None else ""), value)
        if first is not value:
            what = "passengers stand" if people else "freight stands"
            related = (Related(first.span, "first here"),)
            message = f"of `{mode}` the {what} twice"
            self.error("E304", message, value.span, "name another mode, or add them up", related=related)
        weight = self._number_of(clause, "weight", 0.0)
        at = self.qualifier(clause, "weight")
        if at is not None and not people:
            self.error("E303", "`weight` says how many t km a passenger km counts as, and this is freight", at.span)
        if people and at is None and mode not in MODES:
            message = f"say how many t km a passenger km of `{mode}` counts as"
            self.error("E307", message, clause.span, f"`weight 0.1`; {listed(MODES)} have one by convention")
        factors = self._per_turnover(clause)
        return None if factors is None else self._component(clause, value, unit, *factors, weight)

    def _per_turnover(self, clause: ast.Clause) -> tuple[Setting | None, ...] | None:
        """What a t km emits: `intensity` in g CO2, or `energy` in MJ and `emission` in g CO2 per MJ."""
        said = [q.word.text for q in clause.qualifiers if q.word.text in ("intensity", "energy", "emission")]
        if said not in (["intensity"], ["energy", "emission"], ["emission", "energy"]):
            help_ = "write `intensity 60` (g CO2 per t km), or `energy 0.9 emission 74` (MJ per t km, g CO2 per MJ)"
            message = "`transport` does not say what a t km emits"
            if "intensity" in said:
                message = "`transport` says twice what a t km emits"
            self.error("E307", message, clause.span, help_)
            return None
        found = tuple(self._number_of(clause, word, 0.0) for word in said)
        return None if any(one_of is None for one_of in found) else found

    def _vehicles(self, clause: ast.Clause, value: ast.Value, parameter: Parameter) -> Setting | None:
        """`transport excluded`: the fuels leave out what vehicles burn."""
        if written(value.value) != "excluded":
            help_ = 'turnover has a mode: `transport road = road_freight unit "10^8 t km" intensity 60`'
            close = suggestion(written(value.value), parameter.words)
            self.error("E303", "`transport` takes a mode and its turnover, or `excluded`", value.span, close or help_)
            return None
        if clause.qualifiers:
            self.error("E303", "`transport excluded` takes nothing else", clause.qualifiers[0].span)
        if self.excluded is not None:
            related = (Related(self.excluded.span, "first here"),)
            self.error("E304", "`transport excluded` stands twice", clause.span, "keep one of them", related=related)
        self.excluded = clause
        return one("excluded", Literal("excluded", span=value.span), value)

    def _apportion(self, clause: ast.Clause, _parameter: Parameter) -> Setting | None:
        """`apportion national unit "10^4 t"`: a national total, shared by the rows' transport in each period."""
        self._complete(clause, unit='`unit "10^4 t"`')
        unit = self._unit_of(clause, "the national total is CO2, counted", "10^4 t", MASS)
        time = self.keys.get("time", "")
        if not time:
            message = f"no column of `{self.table}` is the panel's `time`, in which the shares add up to 1"
            self.error("E307", message, clause.span, "join the table on the panel's time too")
            return None
        value = clause.values[0]
        if unit is None:
            return None
        by = Setting("by", (SettingValue(Ref(time, RAW, self.table), span=value.span),), span=clause.span)
        return self._component(clause, value, unit, by)
