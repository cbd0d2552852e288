"""Makes panel.csv: 15 units, up to 7 years, holes, weights; x -> m -> n -> y with a suppressed part."""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(12)
ids, years = np.repeat(np.arange(1, 16), 7), np.tile(np.arange(2012, 2019), 15)
kept = rng.random(len(ids)) > 0.15
ids, years = ids[kept], years[kept]
n = len(ids)
shift = rng.normal(size=16)[ids] + rng.normal(size=7)[years - 2012]
c1, c2, v = rng.normal(size=(3, n))
x = 0.4 * c1 + shift + rng.normal(size=n)
m = (0.5 + 0.2 * v) * x - 0.3 * c2 + shift + rng.normal(size=n)
k = 0.3 * x + 0.5 * m + shift + rng.normal(size=n)
y = -0.6 * x + 0.5 * m + 0.4 * k + c1 + shift + rng.normal(size=n)
w = rng.uniform(0.5, 3, n)
table = np.column_stack([ids, years, x, m, k, y, c1, c2, v, w])
header = "id,year,x,m,n,y,c1,c2,v,w"
np.savetxt(Path(__file__).with_name("panel.csv"), table, "%.12g", ",", header=header, comments="")
