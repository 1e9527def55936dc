# The project's commands. Each sets up what it needs; `make setup` alone only installs.

.PHONY: help setup serve test check cases size lighthouse bench shots dist package fmt clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## installs what is missing, outside the checkout
	@scripts/setup

serve: ## builds the page, serves it on http://127.0.0.1:8080/ and rebuilds on every change
	@scripts/setup wasm trunk bindgen node
	@scripts/serve

test: ## everything that CI checks
	@scripts/test

check: ## the fast gate before a commit: layout, lints, native tests
	@scripts/check

cases: ## inputs that once came out wrong, as a table: what is right, and what comes out
	@scripts/cases

dist: ## the static site, in dist/ (SITE=https://HOST/FOLDER/ says where it will stand)
	@scripts/setup wasm src trunk bindgen node chromium
	@scripts/dist

package: ## the script API as an npm package, in target/package/
	@scripts/setup wasm src bindgen node
	@scripts/package

size: dist ## what a reader waits for, in bytes over the wire, held against its budgets
	@node scripts/size.mjs dist

lighthouse: dist ## what Lighthouse gives four pages, as for a phone, held against what they should have
	@node scripts/lighthouse.mjs dist

bench: ## the engine's speed, natively and in wasm
	@scripts/setup
	@scripts/bench

shots: dist ## pictures of the page, to be looked at, in tests/browser/shots/
	@node tests/browser/looks.mjs

fmt: ## lays the code out
	@cargo fmt --all

clean: ## deletes what was built (not what was installed)
	@rm -rf target dist
