"""Wild cluster bootstrap-t of Grunfeld's equation by wildboottest 0.3.2 with statsmodels 0.15, every sign vector.

    python wildboottest_numbers.py > wildboottest.txt

Its p value counts draws strictly beyond the sample's t; `ties` counts those that equal it (to 1e-9) as well.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from wildboottest.wildboottest import WildboottestCL

FRAME = pd.read_csv(Path(__file__).parents[1] / "grunfeld.csv")
FORMULAS = {"pooled": "", "id": " + C(firm)", "two": " + C(firm) + C(year)"}

for name, effects in FORMULAS.items():
    model = smf.ols(f"inv ~ value + capital{effects}", FRAME)
    terms = {"value": "value", "capital": "capital"} | ({"Constant": "Intercept"} if not effects else {})
    for term, own in terms.items():
        wild = WildboottestCL(
            X=model.exog,
            Y=model.endog,
            cluster=FRAME.firm,
            R=np.array([float(n == own) for n in model.exog_names]),
            B=9999,
            seed=1,
            parallel=False,
        )
        wild.get_scores(bootstrap_type="11", impose_null=True, adj=True, cluster_adj=True)
        wild.get_weights("rademacher")
        wild.get_numer()
        wild.get_denom()
        wild.get_tboot()
        wild.get_vcov()
        wild.get_tstat()
        wild.get_pvalue("two-tailed")
        t = np.sort(np.abs(wild.t_boot))
        print(f"{name}.{term}.t {wild.t_stat:.15g}")
        print(f"{name}.{term}.p {wild.pvalue:.15g}")
        print(f"{name}.{term}.ties {np.mean(t >= abs(wild.t_stat) * (1 - 1e-9)):.15g}")
        for rank in (100, 300, 500, 700, 900):
            print(f"{name}.{term}.t{rank} {t[rank]:.15g}")
