"""Lists that are kept: made by a recipe from seeds, words and filters, under rules, in an order that is solved for.

recipe.py     what a list shall be, as TOML or JSON
pool.py       the tracks that may be in it, with what is known of each
costs.py      what it costs that one track follows another, or stands at a place
problem.py    slots, items and costs as one problem
ordering.py   its solution: a first order, then walk.py (2-opt, Or-opt) and exchange.py (swaps, other tracks)
making.py     recipe -> rows
editing.py    add, remove, move, lock, undo
keeping.py    lists in the catalogue
path.py       from one track to another in even steps
"""
