# `make run` sets up and starts Draftmill; `make test` sets up and runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# What waits for real kills, cuts and full disks, pushes limits, asks real servers, needs the one file,
# looks at every page at every width and in every state, or takes minutes in a browser.
# The longest come first: none is waited for alone at the end.
SLOW := tests/real_servers tests/faults tests/binary tests/content_types tests/commands/test_model.py \
  $(addprefix tests/web/,live/test_titles.py live/test_two_transports.py live/test_news.py views/pills/test_unfolding.py views/pills/test_network.py) \
  $(addprefix tests/web/pages/,test_covering.py test_every_page.py test_every_state.py test_narrow.py \
    test_refused_forms.py test_resumed_upload.py test_search.py drafts/test_beside.py drafts/test_editing.py \
    drafts/test_pen.py drafts/test_taking_away.py job/test_facts.py job/test_following.py job_list/test_in_a_browser.py settings) \
  $(addprefix tests/web/pages/projects/,test_editing_sentences.py test_panels.py test_playing.py test_list_at_work.py) \
  tests/limits
# In the order in which they are found, a file for each process.
AT_A_TIME := --dist loadfile --no-loadscope-reorder
# Tests wait a lot, for processes that start and pages that change: one more of them than cores.
AT_ONCE := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
APT := $(if $(filter 0,$(shell id -u)),,sudo )apt-get

# A test starts hundreds of processes: what is compiled once is not compiled again by each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test slow check lint types binary bench faults lock sample tools clean
.DEFAULT_GOAL := run

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Draftmill needs Python 3.11 or newer; set PYTHON=/path/to/it."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "Python cannot make a virtual environment: install python3-venv."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

run: setup
	@exec $(BIN)/draftmill serve

check: lint types test slow

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

test: setup tools
	$(BIN)/pytest -n $(AT_ONCE) $(AT_A_TIME) $(SLOW:%=--ignore=%)

slow: setup tools binary
	$(BIN)/pytest -n auto $(AT_A_TIME) $(SLOW)

# The whole program as one file, dist/draftmill; nothing is done when nothing has changed.
binary: setup tools
	$(BIN)/python binary/build.py

# Every fault with all its rounds (about an hour), and the table in docs/reliability.md.
faults: setup tools
	$(BIN)/pytest tests/faults tests/real_servers/test_weak_model.py --full

bench: setup tools
	$(BIN)/python -m bench

# What tests and benchmarks need beyond Python: a browser, and ffmpeg to make odd media files.
tools:
	@if ! { command -v chromium && command -v ffmpeg && command -v espeak-ng && command -v strace && command -v faketime && command -v wrk && command -v objdump; } >/dev/null; then \
	  $(APT) update -qq && DEBIAN_FRONTEND=noninteractive \
	  $(APT) install -y -qq --no-install-recommends chromium ffmpeg espeak-ng strace faketime wrk binutils fonts-liberation >/dev/null; fi

# Versions and hashes for all platforms, without the address of any index.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --quiet \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  -o requirements.lock

sample: setup
	$(BIN)/python bench/make_sample.py

clean:
	rm -rf $(VENV) .cache build dist
