# The commands people type; what they do is in scripts/ and in CMakePresets.json.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build demo test dev asan tsan bench clean

help:   ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build:  ## set up this machine, build build/release/ingestr
	@scripts/setup build
	@cmake --workflow --preset release

demo:   ## build, then load the sandbox's five tables into a DuckDB file and show them
	@scripts/setup demo
	@cmake --workflow --preset release
	@scripts/demo

test:   ## set up this machine, build, run all tests
	@scripts/setup test
	@cmake --workflow --preset dev

dev:    ## the quick loop: build, unit tests and layer check (nothing is set up)
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev
	@ctest --preset dev --label-exclude e2e

asan:   ## all tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/setup test
	@cmake --workflow --preset asan

tsan:   ## all tests under ThreadSanitizer
	@scripts/setup test
	@cmake --workflow --preset tsan

bench:  ## build the release, run the benchmarks
	@scripts/setup test
	@cmake --workflow --preset release
	@bench/run
	@bench/merge
	@bench/copies

clean:  ## remove what was built (the cache of fetched libraries stays)
	@rm -rf build
