PYTHON ?= python3

.PHONY: run test check servers lock

run: ## The portal with its servers and demonstration data, until Ctrl-C (HOST, PORT, DATABASE_URL, REDIS_URL)
	@$(PYTHON) scripts/portal.py run

test: ## All tests on servers of their own; make test ARGS="tests/credits -k cap"
	@$(PYTHON) scripts/portal.py test $(ARGS)

check: ## Everything that must hold before a merge
	@.ci/run

servers: ## Servers for a developer: eval "$$(make -s servers)"
	@$(PYTHON) scripts/portal.py servers start

lock: ## Pin what requirements*.in ask for, with hashes and without addresses
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q requirements-dev.in -o requirements-dev.txt
