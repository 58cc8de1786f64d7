# Four commands: `make demo` to see what earmark does, `make serve` to ask it over HTTP, `make docs` for the pages to read,
# `make test` to check it. Each installs what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CATALOGUE ?= demo/catalogue
MUSIC ?=

.PHONY: demo serve docs test coverage lint clean

demo: $(VENV)/.installed
	$(BIN)/earmark demo $(if $(MUSIC),--music "$(MUSIC)") --catalogue "$(CATALOGUE)"

serve: $(VENV)/.installed-serve
	test -d "$(CATALOGUE)/tracks.lance" || $(BIN)/earmark demo $(if $(MUSIC),--music "$(MUSIC)") --catalogue "$(CATALOGUE)"
	$(BIN)/earmark serve --catalogue "$(CATALOGUE)"

docs: $(VENV)/.installed-docs
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/docs
	$(BIN)/sphinx-build -q -b man docs build/man
	@echo "build/docs/index.html, build/man/earmark.1"

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	OMP_NUM_THREADS=1 $(BIN)/pytest -q -m "not long" -n logical --dist loadfile

# Goes on after failures: where a test fills the disk, coverage cannot write either.
coverage: $(VENV)/.installed-test
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[release]'
	-OMP_NUM_THREADS=1 $(BIN)/coverage run -m pytest -q -m "not long" -n logical --dist loadfile
	-$(BIN)/coverage combine -q
	$(BIN)/coverage report --sort=cover --skip-covered

lint: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# constraints.txt holds torch at a CPU build; the demo installs no torch at all.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

$(VENV)/.installed-serve: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[serve]'
	touch $@

$(VENV)/.installed-docs: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[docs]'
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed research/pyproject.toml
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[test]' -e research
	touch $@

clean:
	rm -rf $(VENV) demo build dist
