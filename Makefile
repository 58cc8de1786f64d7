# Two commands: `make demo` to see what earmark does, `make test` to check it. Both install what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CATALOGUE ?= demo/catalogue
MUSIC ?=

.PHONY: demo test lint clean

demo: $(VENV)/.installed
	$(BIN)/earmark demo $(if $(MUSIC),--music "$(MUSIC)") --catalogue "$(CATALOGUE)"

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	OMP_NUM_THREADS=1 $(BIN)/pytest -q -m "not long"

lint: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# constraints.txt holds torch at a CPU build; the demo installs no torch at all.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed research/pyproject.toml
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[test]' -e research
	touch $@

clean:
	rm -rf $(VENV) demo build dist
