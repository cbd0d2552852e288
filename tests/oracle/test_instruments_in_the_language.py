"""The same numbers of other programs, reached through a spec: what the language makes of `iv`, `gmm` and `using`."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from carbonspec import api

HERE = Path(__file__).parent
HEAD = """study "oracle"
data rows from "d.csv"
panel rows
  id id
  time year
"""


def run(tmp_path, data, body):
    """`data` is a frame, or a file of this folder."""
    if isinstance(data, str):
        data = pd.read_csv(HERE / data)
    spec = tmp_path / "s.cspec"
    spec.write_text(HEAD + body, encoding="utf-8")
    result = api.run(spec, frames={"rows": data}, out=tmp_path / "out")
    assert result.failures == ()
    return result


def fit(result, model):
    return result[model].columns[0].fit


GMM = {
    "difference1": "short using onestep",
    "difference1_dpd": "short using onestep se iid",
    "difference2": "short",
    "difference2_iid": "short se iid",
    "difference2_collapse": "all using collapse",
    "difference2_deep": "deep",
    "difference2_years": "years",
    "system1": "short using system, onestep",
    "system2": "short using system",
    "system2_collapse": "short using system, collapse",
    "system2_years": "years using system",
}
BASES = """model ols: y ~ L.y + x + p
model short: ols | gmm(y, lags = 2..4) | gmm(p, lags = 1..3)
model all: ols | gmm(y, lags = 2..last) | gmm(p, lags = 1..last)
model deep: ols | gmm(y, lags = 3..5) | gmm(p, lags = 2..2)
model years: ols + i(year) | gmm(y, lags = 2..4) | gmm(p, lags = 1..3)
"""


def test_gretl_dpanel(tmp_path, oracle):
    """x is its own instrument, p and the lagged outcome are instrumented, years stand in levels only."""
    numbers = oracle("dynamic_gmm/gretl.txt")
    models = "".join(f"model {name}: {body}\n" for name, body in GMM.items())
    result = run(tmp_path, "dynamic_gmm/dynamic.csv", f"{BASES}{models}table 1: {', '.join(GMM)}\n")
    for name in GMM:
        found, key = fit(result, name), f"dynamic.{name}"
        at = [found.terms.index(term) for term in ("L.y", "x", "p")]
        np.testing.assert_allclose(found.estimates[at], numbers.many(f"{key}.b", ("L.y", "x", "p")), rtol=1e-9)
        np.testing.assert_allclose(found.std_errors[at], numbers.many(f"{key}.se", ("L.y", "x", "p")), rtol=1e-9)
        for statistic in ("hansen", "ar1", "ar2"):
            if f"{key}.{statistic}" in numbers:
                assert found.statistics[statistic] == pytest.approx(numbers[f"{key}.{statistic}"], rel=1e-8), name
        assert (found.n, found.statistics["instruments"]) == (numbers[f"{key}.n"], numbers[f"{key}.instruments"])


def test_plm_pgmm(tmp_path, oracle):
    numbers = oracle("dynamic_gmm/plm.txt")
    plm = {
        "narrow": "model narrow: ols | gmm(y, lags = 2..4) | gmm(p, lags = 2..2)\n",
        "second": "model second: ols + L2.y | gmm(y, lags = 2..4) | gmm(p, lags = 1..3)\n",
    }
    names = {"short": "short", "collapse": "all_collapse", "years": "years", **dict.fromkeys(plm)}
    body = BASES + "".join(plm.values()) + "model all_collapse: all using collapse\n"
    steps = {}
    for key, model in names.items():
        model = model or key
        steps[f"{key}.onestep"] = f"{model}_one"
        steps[f"{key}.twosteps"] = model
        more = ", collapse" if "collapse" in model else ""
        body += f"model {model}_one: {model} using onestep{more}\n"
    result = run(tmp_path, "dynamic_gmm/dynamic.csv", f"{body}table 1: {', '.join(steps.values())}\n")
    for key, model in steps.items():
        found = fit(result, model)
        terms = ["L.y", "x", "p", *(["L2.y"] if key.startswith("second") else [])]
        at = [found.terms.index(term) for term in terms]
        np.testing.assert_allclose(found.estimates[at], numbers.many(f"{key}.b", terms), rtol=1e-9)
        np.testing.assert_allclose(found.std_errors[at], numbers.many(f"{key}.se", terms), rtol=1e-9)


PANELS = {"empluk": ("firm", "emp", "wage", "capital"), "produc": ("state", "gsp", "pc", "unemp")}
COLLAPSED = {
    "exogenous": "base | gmm({y}, lags = 2..last)",
    "years": "years | gmm({y}, lags = 2..last)",
    "predetermined": "base | gmm({y}, lags = 2..4) | gmm({x}, lags = 1..3)",
    "endogenous": "years | gmm({y} + {x} + {z}, lags = 2..3)",
    "system": "years | gmm({y} + {x} + {z}, lags = 2..3)",
}
FULL = {"full": "exogenous", "full_years": "years", "full_system": "system"}


@pytest.mark.parametrize("name", PANELS)
def test_plm_on_other_panels(tmp_path, name, oracle):
    """Unbalanced firms, long states; every estimate of one table."""
    numbers = oracle("dynamic_gmm/plm_panels.txt")
    unit, y, x, z = PANELS[name]
    body = f"model base: {y} ~ L.{y} + {x} + {z}\nmodel years: base + i(year)\n"
    models = {}
    for key, formula in {
        **COLLAPSED,
        **({k: COLLAPSED[v] for k, v in FULL.items()} if name == "empluk" else {}),
    }.items():
        for steps, step in (("onestep", "onestep"), ("twosteps", "twostep")):
            using = ["system" if "system" in key else "difference", step, *([] if key in FULL else ["collapse"])]
            models[f"{key}_{steps}"] = f"{name}.{key}.{steps}"
            body += f"model {key}_{steps}: {formula.format(y=y, x=x, z=z)} using {', '.join(using)}\n"
    data = pd.read_csv(HERE / "panels" / f"{name}.csv").rename(columns={unit: "id"})
    result = run(tmp_path, data, f"{body}table 1: {', '.join(models)}\n")
    terms = [f"L.{y}", x, z]
    for model, key in models.items():
        found = fit(result, model)
        at = [found.terms.index(term) for term in terms]
        np.testing.assert_allclose(found.estimates[at], numbers.many(f"{key}.b", terms), rtol=1e-8, err_msg=key)
        np.testing.assert_allclose(found.std_errors[at], numbers.many(f"{key}.se", terms), rtol=1e-8, err_msg=key)
        if key.endswith("twosteps"):
            assert found.statistics["hansen"] == pytest.approx(numbers[f"{key}.hansen.x"], rel=1e-8), key


EFFECTS = {"pooled": "", "one": " | fe(id)", "two": " | fe(id, year)"}
IV = {
    "single": "iv(x ~ z1 + z2)",
    "exact": "iv(x ~ z1)",
    "double": "iv(x + d ~ z1 + z2 + z3 + z4)",
    "weighted": "iv(x ~ z1 + z2) weights w",
}
ERRORS = {
    "iid": "iid",
    "hc0": "hc0",
    "cluster_id": "cluster(id, correction = hc0)",
    "cluster_region": "cluster(region, correction = hc0)",
}


@pytest.mark.parametrize("effects", EFFECTS)
def test_instruments_in_r(tmp_path, effects, oracle):
    numbers, terms = oracle("instrumental_variables/aer_plm.txt"), ("x", "d", "c")
    body, models = f"model base: y ~ x + d + c{EFFECTS[effects]}\n", {}
    for name, part in IV.items():
        for errors, se in ERRORS.items():
            if errors == "iid" or name != "weighted":
                models[f"{name}_{errors}"] = (f"{effects}.{name}", errors)
                body += f"model {name}_{errors}: base | {part} se {se}\n"
    result = run(tmp_path, "instrumental_variables/panel.csv", f"{body}table 1: {', '.join(models)}\n")
    for model, (key, errors) in models.items():
        found = fit(result, model)
        at = [found.terms.index(term) for term in terms]
        np.testing.assert_allclose(found.estimates[at], numbers.many(f"{key}.b", terms), rtol=1e-9)
        np.testing.assert_allclose(found.std_errors[at], numbers.many(f"{key}.{errors}", terms), rtol=1e-8)
        if errors == "iid" and f"{key}.sargan.x" in numbers:
            assert found.statistics["sargan"] == pytest.approx(numbers[f"{key}.sargan.x"], rel=1e-9)
        if errors == "iid":
            reduced = result[model].columns[0].reduced_form
            instruments = [term for term in reduced.terms if term.startswith("z")]
            values = [reduced.estimates[reduced.terms.index(z)] for z in instruments]
            np.testing.assert_allclose(values, numbers.many(f"{key}.reduced.b", instruments), rtol=1e-9)


def test_poisson_in_r(tmp_path, oracle):
    numbers = oracle("ppml/glm_sandwich.txt")
    body = ""
    for effects, part in {"one": " | fe(id)", "two": " | fe(id, year)"}.items():
        for errors, se in {"iid": "iid", "hc0": "hc0", "cluster": "cluster(id, correction = hc0)"}.items():
            body += f"model {effects}_{errors}: y ~ x1 + x2{part} using ppml se {se}\n"
    names = [f"{effects}_{errors}" for effects in ("one", "two") for errors in ("iid", "hc0", "cluster")]
    result = run(tmp_path, "ppml/trade.csv", f"{body}table 1: {', '.join(names)}\n")
    for name in names:
        effects, errors = name.split("_")
        found, key = fit(result, name), f"trade.{effects}.plain"
        np.testing.assert_allclose(found.estimates, numbers.many(f"{key}.b", ("x1", "x2")), rtol=1e-8)
        np.testing.assert_allclose(found.std_errors, numbers.many(f"{key}.{errors}", ("x1", "x2")), rtol=1e-7)
        assert found.n == numbers[f"{key}.fit.n"]
