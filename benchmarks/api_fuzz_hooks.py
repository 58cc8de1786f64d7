"""What schemathesis is told of texts that a description in JSON cannot tell: filters, keys, fields; loaded by it."""

import json

import schemathesis
from hypothesis import strategies as st

FIELDS = ("title", "duration", "tempo", "year", "key", "energy")
NUMBERS = st.floats(0, 4000, allow_nan=False).map(lambda x: round(x, 3))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
LEAVES = st.one_of(
    st.builds(lambda op, x: {"field": "duration", "op": op, "value": x}, st.sampled_from(["lt", "gt", "eq"]), NUMBERS),
    st.builds(lambda x: {"field": "title", "op": "ne", "value": x}, WORDS),
    st.builds(lambda x: {"field": "tempo", "op": "between", "value": [x, x + 10]}, NUMBERS),
    st.just({"field": "year", "op": "is_null"}),
)
FILTERS = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda parts: {"and": parts}),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: {"or": parts}),
        below.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)
WHERES = st.one_of(
    NUMBERS.map(lambda x: f"duration > {x}"),
    WORDS.map(lambda x: "title <> '" + x.replace("'", "''") + "'"),
    st.just("tempo IS NOT NULL AND NOT (key = 'Am')"),
)
FORMATS = {
    "earmark-cursor": st.just(""),  # others are given, not made up
    "earmark-folder": st.just("/nowhere"),
    "earmark-filter-json": FILTERS.map(json.dumps),
    "earmark-where": WHERES,
    "earmark-key": st.sampled_from(["Am", "8A", "es-Moll", "10d", "F# major"]),
    "earmark-sort": st.sampled_from([f"{sign}{field}" for sign in ("", "-") for field in FIELDS]),
    "earmark-field": st.sampled_from(FIELDS),
    "earmark-fields": st.lists(st.sampled_from(FIELDS), max_size=3).map(",".join),
    "earmark-url": st.sampled_from(["https://hook.example/x", "http://hook.example:8080/y?z=1"]),
    "earmark-root": st.just("/music=/data/music"),
    "earmark-language": st.sampled_from(["en", "de"]),
    "earmark-tempo-range": st.sampled_from(["88:175", "60:120"]),
}
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(name, strategy)
