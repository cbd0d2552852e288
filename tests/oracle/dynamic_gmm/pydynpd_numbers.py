"""Forward orthogonal deviations by pydynpd 0.2.2 (NumPy < 2.4), on the years that every unit of dynamic.csv has.

python pydynpd_numbers.py > pydynpd.txt. System GMM has no own instruments here: pydynpd differences them whatever the
transformation. One-step AR tests are left out: they do not use one-step weights.
"""

import contextlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
from pydynpd import regression

MODELS = {
    "difference1": ("iv(x)", "nolevel fod onestep"),
    "difference2": ("iv(x)", "nolevel fod"),
    "difference2_collapse": ("iv(x)", "nolevel fod collapse"),
    "system1": ("gmm(x, 1:3)", "fod onestep"),
    "system2": ("gmm(x, 1:3)", "fod"),
}
whole = pd.read_csv(Path(__file__).with_name("dynamic.csv"))
for key, (own, options) in MODELS.items():
    frame = whole[whole.year.between(2005, 2010)].reset_index(drop=True)
    with contextlib.redirect_stdout(io.StringIO()):
        model = regression.abond(f"y L1.y x p | gmm(y, 2:4) gmm(p, 1:3) {own} | {options}", frame, ["id", "year"])
    found = model.models[0]
    table = np.asarray(found.regression_table)
    for row in table:
        name = {"L1.y": "L.y", "_con": "Constant"}.get(row[0], row[0])
        print(f"{key}.b.{name} {float(row[1]):.15g}\n{key}.se.{name} {float(row[2]):.15g}")
    print(f"{key}.hansen {float(found.hansen.test_value):.15g}")
    if "onestep" not in options:
        for test in found.AR_list:
            print(f"{key}.ar{test.lag} {float(test.AR):.15g}")
