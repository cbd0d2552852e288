"""Codes of measures: emissions, composite indexes, stocks."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

SHARED: tuple[Code, ...] = (
    Code(
        id="E800",
        title="a word that a measure does not know",
        why="The options of a measure are few words; the message lists them.",
        fix="choose one of the words that are listed",
        example="factors ipcc2016\nfactors ipcc2006",
    ),
    Code(
        id="E807",
        title="a choice without a default",
        why="Some choices change the result, and no default would be right for every study: whether fuels are final or "
        "all consumption, what a factor of heat is per, which kind of grid factor it is.",
        fix="say it",
        example="what is the 2.53 per: a kg of raw coal, or of coal equivalent?",
    ),
    Code(
        id="E819",
        title="columns of different length",
        why="Every column of a measure has one value a row.",
        fix="give the column as many values as there are rows",
    ),
    Code(
        id="E820",
        title="the same name or key twice",
        why="A component, an indicator, a fuel of a table of factors, and a grid in a year stand once each.",
        fix="take one of them out, or name them differently",
        example="group SC = foreign_firms + foreign_firms",
    ),
    Code(
        id="E822",
        title="infinite values",
        why="A division by zero has made a column infinite; no measure can be computed from it.",
        fix="leave these rows out with `where`, or correct the data",
    ),
)

EMISSIONS: tuple[Code, ...] = (
    Code(
        id="E801",
        title="an unknown fuel",
        why="Fuels are known by their keys (or their Chinese names); a column of another name is renamed to a key.",
        fix="write the key, and rename the column: `raw_coal = coal`",
        example='fuel coal unit "10^4 t"\nfuel raw_coal = coal unit "10^4 t"',
    ),
    Code(
        id="E802",
        title="a unit that is not known",
        why="Amounts are multiplied by factors per t, per 10^4 m3 or per energy, so every column needs a unit: a "
        "multiple and a symbol, with small and capital letters as they are written in science.",
        fix="write for instance 10^4 t, 10^8 m3, 10^8 kWh, 10^10 kJ or tce",
        example='fuel coke unit "10^4 T"\nfuel coke unit "10^4 t"',
    ),
    Code(
        id="E803",
        title="a unit that does not convert",
        why="A factor per mass cannot take a volume, nor the reverse: the density of a fuel is not built in. Energy "
        "converts by the calorific value.",
        fix="give solid and liquid fuels in t, gases in m3, or any fuel in energy",
        example='fuel natural_gas unit "10^4 t"\nfuel natural_gas unit "10^8 m3"',
    ),
    Code(
        id="E804",
        title="a fuel without a factor in this set",
        why="The source leaves it open. Filling it from another source would mix two sets under one name.",
        fix="supply your own factor with its source, or use another set",
        example="factors ndrc\nfuel converter_gas      # the set has none",
    ),
    Code(
        id="E806",
        title="negative amounts",
        why="Nobody burns less than nothing. Often it is a stock change, or net exports, that a balance adds up.",
        fix="correct the rows that are shown, or leave them out",
    ),
    Code(
        id="E808",
        title="no grid factor for that year",
        why="Factors of grids change by a tenth and more within a few years. None is built in, none is guessed.",
        fix="add the year to the table, or carry the nearest year's factor, which is then reported",
    ),
    Code(
        id="E809",
        title="a unit without a grid or a year",
        why="Electricity is counted with the factor of the grid that a province belongs to, in a year.",
        fix="complete the column; a province of two grids has a line `electricity` for each part of its energy",
    ),
    Code(
        id="E810",
        title="an impossible factor",
        why="Calorific values and carbon contents are above 0, oxidised shares and efficiencies above 0 and at most 1, "
        "emission factors and first-stock factors not negative.",
        fix="correct the number; shares are written as 0.98 or 98%",
    ),
    Code(
        id="E811",
        title="shares that do not add up",
        why="A national total is given out by shares that add up to 1 each year; that needs one total a year, and "
        "something to share by. The shares of a province's grids add up to 1 as well.",
        fix="correct the rows that are shown",
    ),
    Code(
        id="W812",
        title="coal of power and heat plants counts twice",
        why="Apparent consumption holds the coal that plants burn; their electricity and heat hold its CO2 again.",
        fix="use final consumption, take transformation out of the fuels, or leave the added components out",
    ),
    Code(
        id="W813",
        title="fuels of vehicles count twice",
        why="Gasoline, diesel and kerosene are burnt by vehicles, and transport is added once more.",
        fix="take transport's use out of the fuels and say so, or leave the added transport out",
    ),
    Code(
        id="W814",
        title="missing amounts that count as 0",
        why="A missing cell is not always a zero: the yearbook leaves both empty.",
        fix="nothing, if the fuel is not used there",
    ),
    Code(
        id="W815",
        title="missing amounts",
        why="A sum with a missing part is missing, so these rows have no total.",
        fix="fill the cells, or let missing amounts count as 0",
    ),
    Code(
        id="W816",
        title="a grid factor of another year",
        why="The table has no factor of that year, and the nearest year's was to be taken.",
        fix="nothing, if it was meant so",
    ),
    Code(
        id="W817",
        title="factors at second hand",
        why="The numbers of this set circulate in papers; the source itself was not at hand.",
        fix="check them against the source before citing it",
    ),
    Code(
        id="W818",
        title="factors made for something else",
        why="Operating-margin and build-margin factors say what a project replaces at the margin. They are larger than "
        "the average of a grid, by which consumption is counted.",
        fix="use average factors",
    ),
    Code(
        id="E821",
        title="nothing to add up",
        why="Emissions are a sum over fuels and added components, and there are none.",
        fix="name at least one fuel, or add a component",
        example='measure Ce = emissions(energy)\n  fuel raw_coal unit "10^4 t"',
    ),
)

INDEX: tuple[Code, ...] = (
    Code(
        id="E830",
        title="no indicator varies",
        why="Indicators are compared with their own smallest and largest values; here these are the same.",
        fix="look at the sample: it may be a single unit, year or category",
    ),
    Code(
        id="E831",
        title="too few rows for an index",
        why="Limits and weights need at least two rows (in each year, for an index by year) without gaps.",
        fix="look which indicator misses most rows",
    ),
    Code(
        id="E832",
        title="every weight is 0",
        why="CRITIC weighs by how little indicators correlate: where all say the same, none has a weight. Entropy "
        "weighs by how much shares differ: a large shift hides it, and the scores of groups may not differ at all.",
        fix="use one indicator, a smaller shift, or equal weights",
    ),
    Code(
        id="E833",
        title="an indicator that is not whole",
        why="An indicator has a direction, 1 or -1, and with declared weights each has a weight from 0 up, not all 0.",
        fix="complete the indicator that is named",
        example="group SC = 0.5 * firms + capital\ngroup SC = 0.5 * firms + 0.5 * capital",
    ),
    Code(
        id="E834",
        title="choices that do not go together",
        why="Two stages need weights that are computed; components and distances have scores of their own. An oxidised "
        "share or a calorific value changes nothing in a factor that a table gives directly.",
        fix="take one of the two choices back",
    ),
    Code(
        id="W835",
        title="a constant indicator",
        why="What never varies tells no rows apart; it has weight 0, and the others share the whole.",
        fix="take it out, or look whether the sample is what was meant",
    ),
    Code(
        id="W836",
        title="rows without an index",
        why="A weighted sum with a missing indicator is missing; such rows count in no weight either.",
        fix="fill the cells, or use indicators that are known everywhere",
    ),
    Code(
        id="W837",
        title="one indicator decides the index",
        why="It has more weight than all others together: results for the index are results for this indicator.",
        fix="show them for the indicator alone, and for an index without it",
    ),
    Code(
        id="W838",
        title="a 0/1 indicator in an index",
        why="For a 0/1 indicator with a share p of ones among n rows the redundancy is -ln p / ln n, whatever it "
        "means: the rarer the one, the larger its weight. An index that holds one jumps where it switches on.",
        fix="keep it out of the index and study it on its own, or weigh by something else",
        example="group ENV = trade_dependence + free_trade_zone\ngroup ENV = trade_dependence",
    ),
    Code(
        id="W839",
        title="an index by year",
        why="Each year has smallest and largest values of its own, so that 0.5 means something else each year.",
        fix="pool the years where levels are compared over time, or use year effects",
    ),
    Code(
        id="N840",
        title="rows beyond the limits",
        why="Limits are those of the sample; other rows may lie below 0 or above 1.",
        fix="nothing, or widen the sample of the index",
    ),
    Code(
        id="W841",
        title="years without weights",
        why="With weights by year, a year without a row in the sample has none.",
        fix="widen the sample, or pool the years",
    ),
    Code(
        id="W842",
        title="an indicator with the wrong sign",
        why="Principal components weigh by correlation; an indicator that runs against the others gets a negative "
        "coefficient, whatever its direction.",
        fix="look at its direction, or use other weights",
    ),
    Code(
        id="W843",
        title="the index moves as one indicator",
        why="With unit effects only movement within units counts, and there this indicator carries more than half. A "
        "0/1 indicator then makes the regression a staggered difference-in-differences in disguise.",
        fix="show the results with that indicator itself, and without it",
    ),
    Code(
        id="W844",
        title="no index without this indicator",
        why="Leaving it out leaves nothing that varies, or no weight.",
        fix="nothing",
    ),
    Code(
        id="N845",
        title="declared weights that do not add up to 1",
        why="Printed weights are rounded. They are divided by their sum.",
        fix="nothing, if the sum that is shown is a rounding",
    ),
    Code(
        id="E847",
        title="an impossible shift",
        why="The shift is added to every scaled value before its logarithm, so it is not negative.",
        fix="write a small number such as 0.0001, or leave it out: 0 ln 0 is 0",
    ),
)

STOCK: tuple[Code, ...] = (
    Code(
        id="E870",
        title="a negative flow",
        why="Spending adds to a stock. What leaves it is depreciation.",
        fix="correct the rows that are shown",
    ),
    Code(
        id="E871",
        title="rows that share unit and period",
        why="A stock adds one flow a period.",
        fix="add up the rows, or name all columns that tell them apart",
    ),
    Code(
        id="E872",
        title="a base period that is not in the data",
        why="A chained index is cumulated from its base period on.",
        fix="choose a period of the data; rows that `where` leaves out still count here",
        example="base 2000      # the data begin in 2010\nbase 2010",
    ),
    Code(
        id="E873",
        title="a missing price index",
        why="An amount is brought to the base period over every price change in between; one of them is missing.",
        fix="fill the index; only the base period itself needs none",
    ),
    Code(
        id="E874",
        title="a price index that is not positive",
        why="An index of 0 or below is no price level. A rate such as 5.9 is not an index either: that is 105.9.",
        fix="write the index as 100 in the base, or in the previous period",
    ),
    Code(
        id="E875",
        title="an impossible depreciation",
        why="Depreciation is the share of the stock that is gone after a period.",
        fix="write 0.15 or 15%",
        example="depreciation 15\ndepreciation 15%",
    ),
    Code(
        id="E876",
        title="no flow in the base period",
        why="The first stock is a multiple of the flow there, and these units have none.",
        fix="add the earlier years to the data, or let units start at their first flow, which is then reported",
        example="base 2010      # the data begin in 2012",
    ),
    Code(
        id="W877",
        title="a stock that ends at a gap",
        why="Without the flow of one period the stock is unknown from there on. A missing row is a gap as well.",
        fix="fill the flow, by interpolation or as 0, which is then counted",
    ),
    Code(
        id="W878",
        title="flows that were filled",
        why="They are not in the data.",
        fix="nothing, if it was meant so",
    ),
    Code(
        id="W879",
        title="a stock that starts at 0",
        why="A multiple of a first flow of 0 is 0, whatever was built up before.",
        fix="start a period later, or give that unit's first stock otherwise",
    ),
    Code(
        id="N880",
        title="the first stock as Equation 6 prints it",
        why="E (1 + g)/(1 + d) is probably a misprint of the steady state, E (1 + g)/(g + d). The message says how far "
        "apart the two are at the start and at the end.",
        fix="nothing, to replicate the paper; the steady state otherwise",
    ),
    Code(
        id="N881",
        title="rows before the first stock",
        why="A stock begins in its base period, or with the unit's first flow.",
        fix="nothing",
    ),
    Code(
        id="N882",
        title="units that start later",
        why="They have no flow in the base period.",
        fix="nothing, if it was meant so",
    ),
    Code(
        id="E883",
        title="no growth of its own",
        why="A unit's growth is that from its first to its last flow, so both must be above 0.",
        fix="give growth as a number",
        example="growth unit\ngrowth 5%",
    ),
    Code(
        id="E884",
        title="growth and depreciation without a steady state",
        why="Where flows shrink as fast as the stock wears out, no first stock is in proportion to the first flow.",
        fix="give growth as a number, or the first stock's factor",
    ),
)

CODES: tuple[Code, ...] = (*SHARED, *EMISSIONS, *INDEX, *STOCK)
