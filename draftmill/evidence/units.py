"""The units in which things are measured: how they are written, and what one is in another."""

from draftmill.language.lists import listed

PART = "/"  # a part of a whole, as "half" and "50 percent" are
TIMES = "\u00d7"  # "twice", "three times"
FACTOR = "\u00d7as"  # "twice as fast", "doubled", "tenfold"
DECADE = "'s"  # "the nineties"
DATE = "'y"  # "in 1958"
CLOSE = 0.015  # by so much an amount may differ in another unit: 90 days are three months
WEEKS_OF_MONTH = 0.09  # the same of months in weeks: four are one

# What it measures, the unit, how much of the first it is, and its other spellings.
TABLE = f"""
part {PART} 1
part percent 0.01 percentage pct
times {TIMES} 1 time
factor {FACTOR} 1
decades {DECADE} 1
date {DATE} 1
time second 1 sec
time millisecond 0.001 ms msec
time microsecond 0.000001
time nanosecond 0.000000001
time minute 60 min
time hour 3600 hr
time day 86400
time week 604800
time fortnight 1209600
time month 2629800
time year 31557600 yr
time decade 315576000
time century 3155760000 centuries
length metre 1 meter
length millimetre 0.001 millimeter mm
length centimetre 0.01 centimeter cm
length kilometre 1000 kilometer km
length mile 1609.3 mi
length inch 0.0254 inches
length foot 0.3048 feet ft
mass gram 1 gramme
mass milligram 0.001 mg
mass kilo 1000 kilogram kilogramme kg
mass tonne 1000000 ton
mass ounce 28.35
volume litre 1 liter
volume millilitre 0.001 milliliter ml
volume gallon 3.785
warmth degree 1 celsius
data byte 1
data kilobyte 1e3 kb
data megabyte 1e6 mb
data gigabyte 1e9 gb gig
data terabyte 1e12 tb
data petabyte 1e15 pb
power watt 1
power kilowatt 1e3 kw
power megawatt 1e6 mw
power gigawatt 1e9 gw
energy kilowatthour 1 kwh
money dollar 1 usd buck
euros euro 1 eur
pounds pound 1 gbp
cents cent 1
yen yen 1
francs franc 1 chf
"""
# What stands right behind digits only: "5m", "18 °C".
LETTERS = {
    "s": "second", "h": "hour", "d": "day", "m": "metre", "g": "gram", "t": "tonne", "l": "litre",
    "c": "degree", "f": "degree", "x": TIMES,
}  # fmt: skip
# "A week" counts one. "A degree", "a foot" and "a ton of" say other things.
ONES = listed("""
    hour day week fortnight month year decade century minute second metre centimetre kilometre mile
    litre kilo dollar euro
    """)
RATES = {
    "hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "monthly": "month",
    "yearly": "year", "annual": "year", "annually": "year", "weekday": "day", "night": "day",
    "morning": "day", "evening": "day", "afternoon": "day", "today": "day", "yesterday": "day",
    "tomorrow": "day",
}  # fmt: skip


def _read() -> tuple[dict[str, tuple[str, float]], dict[str, str]]:
    sizes, spelled = {}, {}
    for line in TABLE.strip().splitlines():
        kind, unit, size, *others = line.split()
        sizes[unit] = (kind, float(size))
        for one in (unit, *others):
            spelled[one] = spelled[f"{one}s"] = unit
    return sizes, spelled


SIZES, SPELLED = _read()
MONEY = ("money", "euros", "pounds", "cents", "yen", "francs")


def kind(unit: str) -> str:
    """What a unit measures, "" for what is none."""
    return SIZES[unit][0] if unit in SIZES else ""


def is_money(unit: str) -> bool:
    """Whether a unit is one of money."""
    return kind(unit) in MONEY


def alike(one: tuple[float, str], other: tuple[float, str], rough: tuple[float, float]) -> bool:
    """Whether two amounts of a kind, a value and a unit each, are the same in other units.

    `rough` is how much less and more than the first may be meant.
    """
    amount, meant = (value * SIZES[unit][1] for value, unit in (one, other))
    close = WEEKS_OF_MONTH if {one[1], other[1]} == {"week", "month"} else CLOSE
    return (rough[0] - close) * amount <= meant <= (rough[1] + close) * amount
