# Two commands start everything: `make run` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
ARGS ?=
CORES := $(shell getconf _NPROCESSORS_ONLN)
# Two more than there are cores: many tests only wait for processes and servers.
WORKERS ?= $(shell echo $$(( $(CORES) + 2 )))
OSV ?=
# The tests start hundreds of processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
# Their thousands of small databases wait for no disk where there is room in memory.
ifeq ($(shell [ -w /dev/shm ] && df -Pm /dev/shm | awk 'END {print ($$4 > 4000)}'),1)
export PYTEST_DEBUG_TEMPROOT ?= /dev/shm
endif

.PHONY: bench-flood fuzz han-variants
.PHONY: help run full-text meaning picture-drawing postgres test check format lock audit messages clean
.PHONY: bench bench-archives bench-discord bench-posting day bench-feeds bench-fetching bench-fidelity bench-search bench-matcher bench-habits bench-polling bench-standing bench-telegram soak
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(VENV)/.run ## chat in the terminal: your config.toml, or the sample stories
	@$(BIN)/dateline chat $(ARGS)

full-text: $(VENV)/.full-text ## install what `full_text = true` of a feed needs

meaning: $(VENV)/.meaning ## install what the search by meaning needs (a large download)

picture-drawing: $(VENV)/.pictures ## install what draws the pictures of /trends

postgres: $(VENV)/.postgres ## install what speaks to a PostgreSQL database

test: $(VENV)/.dev ## run all tests
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: quick
quick: check ## check, and run the tests without processes, servers and many examples (a minute)
	@$(BIN)/pytest -n $(shell echo $$(( $(CORES) + 1 ))) --dist worksteal -m "not (process or server or slow)" $(ARGS)

check: $(VENV)/.dev ## check format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: transcripts
transcripts: $(VENV)/.dev ## write down the first hour of a reader, a moderator and a rude member on each platform
	TRANSCRIPTS=$(or $(ARGS),build/transcripts) $(BIN)/pytest -q tests/test_first_hour_discord.py tests/test_first_hour_telegram.py

bench: $(VENV)/.dev ## measure loading and every command (minutes)
	$(BIN)/python tests/bench/load.py $(ARGS)
	$(BIN)/python tests/bench/commands.py $(ARGS)

bench-search: $(VENV)/.dev ## measure what the search finds, beside other engines (needs a corpus, see --help)
	$(BIN)/python tests/bench/search.py $(ARGS)

.PHONY: bench-search-stores
bench-search-stores: $(VENV)/.dev ## measure the search over PostgreSQL beside that over SQLite (minutes; ARGS="--limit 20000")
	$(BIN)/python tests/bench/search_stores.py $(ARGS)

.PHONY: bench-questions
bench-questions: $(VENV)/.dev ## count right answers to questions with times in them, and in other languages
	$(BIN)/python tests/bench/right_answers.py

.PHONY: bench-summaries summary-weights
bench-summaries: $(VENV)/.dev ## measure summaries against those that people wrote: ARGS=FILE
	$(BIN)/python tests/bench/summaries.py $(ARGS)

summary-weights: $(VENV)/.dev ## learn the weights of summaries anew from stories with summaries: ARGS=FILE
	$(BIN)/python tests/tools/summary_weights.py $(ARGS)

.PHONY: bench-topics
bench-topics: $(VENV)/.dev ## find the topics of an archive, and measure that: ARGS=FILE
	$(BIN)/python tests/bench/topics.py $(ARGS)

.PHONY: topic-words
topic-words: $(VENV)/.dev ## make the list of words that name no topic anew: ARGS="FILE ..." (JSON lines with title, body)
	$(BIN)/python tests/tools/topic_words.py $(ARGS)

.PHONY: bench-subjects subject-weights
bench-subjects: $(VENV)/.dev ## measure broad subjects by labelled headlines: ARGS="FILE ..."
	$(BIN)/python tests/bench/subjects.py $(ARGS)

subject-weights: $(VENV)/.dev ## learn the weights of subjects anew from labelled headlines: ARGS="FILE [FILE:SHARE ...]" (minutes)
	$(BIN)/python tests/tools/subject_weights.py $(ARGS)

.PHONY: bench-events
bench-events: $(VENV)/.dev ## measure how well stories are put into events: ARGS=FILE, see --help
	$(BIN)/python tests/bench/events.py $(ARGS)

.PHONY: events-day
events-day: $(VENV)/.dev ## count the posts that overlapping feeds cost less: ARGS=FILE, see --help
	$(BIN)/python tests/bench/events_day.py $(ARGS)

bench-archives: $(VENV)/.dev ## measure how fast archives are read, and in how much memory (minutes)
	$(BIN)/python tests/bench/archives.py $(ARGS)

bench-fetching: $(VENV)/.dev ## measure what large pages and bombs cost
	$(BIN)/python tests/bench/fetching.py $(ARGS)

bench-flood: $(VENV)/.dev ## measure readers' waits beside a flood of the dearest questions (a minute)
	$(BIN)/python tests/bench/flood.py $(ARGS)

fuzz: $(VENV)/.fuzz ## search for questions that cost too much (two minutes; Linux on x86-64)
	$(BIN)/python tests/bench/fuzz_queries.py $(or $(ARGS),-max_total_time=120)

.PHONY: fuzz-telegram
fuzz-telegram: $(VENV)/.dev ## put ten thousand hostile stories into Telegram's rich messages, and check each (half an hour)
	EXAMPLES=10000 $(BIN)/pytest --timeout=0 tests/test_telegram_rich_fuzz.py $(ARGS)

.PHONY: fuzz-discord
fuzz-discord: $(VENV)/.dev ## put ten thousand hostile stories into Discord's messages, and check each (ten minutes)
	EXAMPLES=25000 $(BIN)/pytest --timeout=0 tests/test_discord_fuzz.py $(ARGS)

.PHONY: fuzz-templates
fuzz-templates: $(VENV)/.dev ## put ten thousand hostile stories through all templates of posts, on both platforms (half an hour)
	EXAMPLES=300000 $(BIN)/pytest --timeout=0 tests/test_template_fuzz.py $(ARGS)

bench-discord: $(VENV)/.dev ## measure how soon readers on Discord are acknowledged, during a load, too
	$(BIN)/python tests/bench/on_discord.py $(ARGS)

bench-standing: bench-matcher

.PHONY: bench-observing
bench-observing: $(VENV)/.dev ## measure what metrics and logs cost a command (a minute)
	$(BIN)/python tests/bench/observing.py $(ARGS)

bench-polling: $(VENV)/.dev ## measure what a poll costs with 1,000 and 1,000,000 stories kept (two minutes)
	$(BIN)/python tests/bench/polling.py $(ARGS)

.PHONY: bench-punctuality
bench-punctuality: $(VENV)/.dev ## poll 300 sources, a tenth of them bad, and tell how late each kind is looked at (minutes)
	$(BIN)/python tests/bench/punctuality.py $(ARGS)

bench-habits: $(VENV)/.dev ## play a month of feeds with habits: what is lost, and what is posted twice (minutes)
	$(BIN)/python tests/bench/feed_habits.py $(ARGS)

bench-matcher: $(VENV)/.dev ## measure how fast a new story is matched with the subscriptions
	$(BIN)/python tests/bench/matcher.py $(ARGS)

.PHONY: bench-busy-group
bench-busy-group: $(VENV)/.dev ## play an hour of a busy Telegram group in virtual time, and judge everybody's waits (minutes)
	$(BIN)/python tests/bench/busy_group.py $(ARGS)

.PHONY: bench-times
bench-times: $(VENV)/.dev ## measure what looking for times in questions costs
	$(BIN)/python tests/bench/times.py

.PHONY: bench-trends glyph-widths
bench-trends: $(VENV)/.dev ## measure how long the pictures of /trends take, and their memory, with 100,000 stories (a minute)
	$(BIN)/python tests/bench/trends.py $(ARGS)

glyph-widths: $(VENV)/.dev ## write the widths of the characters in the pictures' fonts anew
	$(BIN)/python tests/tools/glyph_widths.py

bench-telegram: $(VENV)/.dev ## measure how long many readers on Telegram wait (minutes)
	$(BIN)/python tests/bench/on_telegram.py $(ARGS)

.PHONY: bench-outbox
bench-outbox: $(VENV)/.dev ## measure claims and marks a second on both stores, and how soon a standby takes over (a minute)
	$(BIN)/python tests/bench/outbox.py $(ARGS)

.PHONY: bench-several-pollers bench-large-store
bench-several-pollers: $(VENV)/.dev ## measure how many feeds one, two and three processes poll in a minute (two minutes)
	$(BIN)/python tests/bench/several_pollers.py $(ARGS)

bench-large-store: $(VENV)/.dev ## measure what very many stories and subscriptions cost in PostgreSQL (minutes; ARGS="--stories 1000000")
	$(BIN)/python tests/bench/large_store.py $(ARGS)

bench-posting: $(VENV)/.dev ## measure how fast one story reaches ten thousand chats (ten minutes)
	$(BIN)/python tests/bench/posting.py $(ARGS)

day: $(VENV)/.dev ## show a day of posting, with a simulated clock (minutes)
	$(BIN)/python tests/bench/day.py $(ARGS)

soak: $(VENV)/.dev ## run the bot among good and bad sources, and judge it (half an hour)
	$(BIN)/python tests/bench/soak.py $(ARGS)

bench-feeds: $(VENV)/.dev ## measure how fast feeds are read, real ones too (ARGS=FOLDER), and whether the event loop stays free
	$(BIN)/python tests/bench/feeds.py $(ARGS)

bench-fidelity: $(VENV)/.dev ## list what feedparser finds in the feeds of a folder and we do not: ARGS=FOLDER
	$(BIN)/python tests/bench/feed_fidelity.py $(ARGS)

.PHONY: english-words
english-words: $(VENV)/.dev ## make the list of common English words anew, from SCOWL's lists: ARGS=FOLDER
	$(BIN)/python tests/tools/english_words.py $(ARGS)

.PHONY: pictures
pictures: $(VENV)/.dev ## take the README's pictures anew, or every kind of rich message: ARGS=FOLDER (needs Chromium, and Noto's fonts)
	$(if $(ARGS),,$(BIN)/python tests/tools/pictures.py)
	$(BIN)/python tests/tools/telegram_pictures.py $(ARGS)
	$(if $(ARGS),$(BIN)/python tests/tools/discord_pictures.py $(ARGS))
	$(if $(ARGS),$(BIN)/python tests/tools/terminal_pictures.py $(ARGS))

.PHONY: site-pictures bench-web fuzz-web
site-pictures: $(VENV)/.dev ## take the README's pictures of the site anew (needs Chromium)
	$(BIN)/python tests/tools/site_pictures.py $(ARGS)

bench-web: $(VENV)/.dev ## measure the website with 100,000 stories and 50 readers at once (minutes)
	$(BIN)/python tests/bench/web.py $(ARGS)

fuzz-web: $(VENV)/.dev ## put ten thousand hostile stories into the website, and show them to Chromium (minutes)
	EXAMPLES=10000 $(BIN)/pytest --timeout=0 tests/test_site_hostile.py tests/test_site_browser.py $(ARGS)

han-variants: $(VENV)/.dev ## make the table of forms of Chinese characters anew
	$(BIN)/python tests/tools/han_variants.py

lock: $(VENV)/.dev ## pin the newest dependencies that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -o requirements.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -c requirements.txt -o requirements-build.txt --group build
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -c requirements.txt -o requirements-full-text.txt pyproject.toml --extra full-text
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -c requirements.txt -o requirements-meaning.txt pyproject.toml --extra meaning
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -c requirements.txt -o requirements-pictures.txt pyproject.toml --extra pictures
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -c requirements.txt -o requirements-postgres.txt pyproject.toml --extra postgres
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -c requirements.txt -c requirements-full-text.txt -c requirements-meaning.txt -c requirements-pictures.txt \
		-c requirements-postgres.txt -c requirements-build.txt \
		-o requirements-dev.txt pyproject.toml --group dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --upgrade -o requirements-fuzz.txt --group fuzz

audit: $(VENV)/.dev ## look the pinned versions up in advisories on this machine: OSV=folder or all.zip
	$(BIN)/python tests/audit.py "$(OSV)" requirements*.txt

messages: $(VENV)/.dev ## bring the catalogues up to date, and list what is untranslated; ARGS=fr begins one
	@PYTHONPATH=. $(BIN)/python tests/tools/messages.py $(ARGS)

.PHONY: date-words
date-words: $(VENV)/.dev ## write the names of months and days that Babel knows, for the dates of feeds
	@PYTHONPATH=tests $(BIN)/python tests/cldr_words.py

clean: ## remove what make made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist

# What builds the project is pinned as what it runs with, so that nothing else is downloaded.
$(VENV)/.run: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (once) ..." >&2
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.full-text: requirements-full-text.txt $(VENV)/.run
	@echo "Installing what reads stories on their own pages ..." >&2
	@$(PIP) install --require-hashes -r requirements-full-text.txt
	@touch $@

$(VENV)/.meaning: requirements-meaning.txt $(VENV)/.run
	@echo "Installing what searches by meaning ..." >&2
	@$(PIP) install --require-hashes -r requirements-meaning.txt
	@touch $@

$(VENV)/.pictures: requirements-pictures.txt $(VENV)/.run
	@echo "Installing what draws pictures ..." >&2
	@$(PIP) install --require-hashes -r requirements-pictures.txt
	@touch $@

$(VENV)/.postgres: requirements-postgres.txt $(VENV)/.run
	@echo "Installing what speaks to PostgreSQL ..." >&2
	@$(PIP) install --require-hashes -r requirements-postgres.txt
	@touch $@

$(VENV)/.fuzz: requirements-fuzz.txt $(VENV)/.dev
	@echo "Installing the fuzzer ..." >&2
	@$(PIP) install --require-hashes -r requirements-fuzz.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Setting up the development tools (once) ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Dateline needs Python 3.11, 3.12 or 3.13; none was found. Set PYTHON=/path/to/python." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Could not make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
