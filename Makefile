# make demo   set up, clean the sample PDF, say where the results are
# make test   set up with the test extra, run the linters, the unit tests and the notebooks
# make lab    set up with the notebooks extra and open the notebooks in JupyterLab
# make figures   make the tables of README and docs/, and the plots, from what benchmarks/*.json say

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt
SAMPLE := notebooks/sample/sample.pdf

.PHONY: demo test lint unit notebooks lab figures clean

demo: $(VENV)/installed
	@mkdir -p out
	$(BIN)/podprep clean $(SAMPLE) -o out/sample.txt --report out/sample.html --force
	@echo "Clean text: out/sample.txt    Side by side, open in a browser: out/sample.html"

test: lint unit notebooks

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

unit: $(VENV)/installed-test
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov=podprep --cov-report=term

notebooks: $(VENV)/installed-test
	rm -rf build/notebooks && mkdir -p build && cp -R notebooks build/notebooks && rm -rf build/notebooks/out
	$(BIN)/python -m pytest --nbval --nbval-sanitize-with notebooks/sanitize.cfg build/notebooks

lab: $(VENV)/installed-lab
	$(BIN)/jupyter lab notebooks

figures: $(VENV)/installed-test
	$(BIN)/python benchmarks/figures.py

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	$(BIN)/podprep fetch-model
	@touch $@

$(VENV)/installed-lab: pyproject.toml constraints.txt $(VENV)/installed
	$(PIP) --editable '.[notebooks]'
	@touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[test]'
	$(BIN)/podprep fetch-model
	@touch $(VENV)/installed $(VENV)/installed-lab $@

clean:
	rm -rf $(VENV) out build dist *.egg-info
