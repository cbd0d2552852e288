"""Codes of export quality: customs records and elasticities that the measure can't use, and what it had to do."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E850",
        title="customs records that repeat a key",
        why="Product, region, destination (where there is one) and year name a record. A key that occurs twice is a "
        "record read twice, or records by month or firm that have not been added up.",
        fix="add quantities and values up by key before, or keep them as separate records if they are ones",
        example="hs6,province,year  010121,Beijing,2012 twice\nhs6,province,year  010121,Beijing,2012 once",
    ),
    Code(
        id="E851",
        title="products without an elasticity",
        why="A product takes the elasticity of the longest prefix of its HS code in the table; these have none. "
        "HS codes read as numbers lose their leading zero; carbonspec puts it back where the number of digits is odd.",
        fix="complete the table, or let these products take the median of the others",
        example="product 290511, table: 2904 3.1\nproduct 290511, table: 2905 2.7",
    ),
    Code(
        id="E852",
        title="an elasticity of 1 or less",
        why="Log quality is the demand residual over sigma - 1. At 1 it does not exist, below it changes its sign.",
        fix="look at the source of the elasticity; leave such products out, or give them that of a coarser group",
        example="sigma 0.9\nsigma 3",
    ),
    Code(
        id="E853",
        title="two elasticities for one code",
        why="The table has the same HS code twice, with different values.",
        fix="keep one of the rows: elasticities are by importer and product, and one importer is meant",
        example="0901 2.1 and 0901 3.4\n0901 2.1",
    ),
    Code(
        id="E854",
        title="customs records without a positive quantity and value",
        why="Demand is in logarithms: a record whose quantity or value is missing, zero or negative has none.",
        fix="mend the records, or let such rows be left out; they are counted",
    ),
    Code(
        id="E855",
        title="no customs record is left",
        why="After rows without usable amounts and the screens, nothing remains to estimate on.",
        fix="the message says what took the rows; loosen that screen, or look at the column it names",
    ),
    Code(
        id="E856",
        title="a choice that quality can't follow",
        why="Quantiles to trim at lie between 0 and 1, the lower first; smallest sizes are numbers from 0 up; "
        "destination-year effects need a column of destinations.",
        fix="give limits that leave something between them; name the column of destinations",
        example="unit_values 99%, 1%\nunit_values 1%, 99%",
    ),
    Code(
        id="E857",
        title="base years without records",
        why="Fixed weights are the products' values in the base years, which the records don't have.",
        fix="name years of the records",
        example="base 2010 with records of 2012-2020\nbase 2012",
    ),
    Code(
        id="E858",
        title="a file of customs records that can't be used",
        why="The file is not Parquet, lacks a column that the measure names, or holds text where an amount is meant.",
        fix="check the path and the names of the columns; store quantity and value as numbers",
    ),
    Code(
        id="E859",
        title="columns of customs records that don't fit together",
        why="Columns have different lengths, or a key mixes text and numbers.",
        fix="give all columns of one table; store each key in one form",
    ),
    Code(
        id="W850",
        title="region-year effects absorb the regional signal",
        why="With effects for every region and year, demand residuals average to zero in each of them: what regions "
        "differ in on the whole is gone before quality is aggregated. What remains is whether a region sells more of "
        "what it makes well. Theory has the market's price index and spending there, not the exporting region's.",
        fix="use product and year effects, or product and destination-year effects, and compare",
        example="effects hs6, id^time\neffects hs6, time",
    ),
    Code(
        id="W851",
        title="products took the median elasticity",
        why="The table has no prefix of their HS codes.",
        fix="complete the table; see how much value they have",
    ),
    Code(
        id="W852",
        title="groups that can't be standardised",
        why="Residuals are brought to 0..1 within a product and year. A group of one row, or one whose residuals are "
        "all the same, has no smallest and largest; its rows have no weight.",
        fix="standardise within products over all years, or leave out products with few rows",
    ),
    Code(
        id="W853",
        title="regions and years without quality",
        why="They have records, but none whose residual could be standardised (or, with fixed weights, none of a "
        "product that the region sold in the base years). Their quality is missing.",
        fix="see the other messages for what took their rows",
    ),
    Code(
        id="W854",
        title="records that repeat a key were kept",
        why="They count as separate records of the same product, region and year.",
        fix="add them up by key unless they are separate",
    ),
    Code(
        id="W855",
        title="records alone in a group of the effects",
        why="A product with one row, or a region-year with one, has an effect of its own that fits it exactly: the "
        "residual is zero whatever the record holds. Such rows set no limits of standardising and have no weight.",
        fix="nothing if they are few; coarser products otherwise",
    ),
    Code(
        id="N856",
        title="customs records left out",
        why="Rows without usable amounts, and those the screens took, each counted under the first reason that holds.",
        fix="nothing if this is what was meant",
    ),
)
