# The two commands are `make run` and `make test`; `make check` adds lint, types and layers.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
BIN := .venv/bin

.PHONY: run setup setup-dev test check lock docs pictures bench clean

run: setup
	@$(BIN)/yifa serve --demo --port $(PORT)

setup:
	@$(if $(PYTHON),,echo "未找到 Python 3.11 或更高版本，请先安装，例如：apt install python3 python3-venv"; exit 2;) \
	$(PYTHON) tools/setup.py

setup-dev:
	@$(if $(PYTHON),,echo "未找到 Python 3.11 或更高版本，请先安装，例如：apt install python3 python3-venv"; exit 2;) \
	$(PYTHON) tools/setup.py --dev

test: setup-dev
	@$(BIN)/python tools/test.py

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint -s src tests
	$(BIN)/python tools/house.py
	$(BIN)/yifa catalogue check
	$(BIN)/python tools/meanings.py

# Generated pages; the tests prove that they are current.
docs: setup-dev
	$(BIN)/python tools/docs.py

# The manual's pictures, from the demonstration county in a browser.
pictures: setup-dev
	$(BIN)/python tools/pictures.py

bench: setup-dev
	@$(BIN)/python tools/setup.py --bench
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

# Needs the package registry; writes the locked requirements anew.
lock: setup-dev
	@for n in base dev bench node postgres cluster; do \
	$(BIN)/uv pip compile --generate-hashes --universal --python-version 3.11 --no-header -q requirements/$$n.in -o requirements/$$n.txt; done

clean:
	rm -rf .venv node_modules build src/yifa/workbench/static/vendor .cache
