# newsreel. `make help` lists the targets.

# ---- what is built from what -------------------------------------------------------------------------------------------

MODULES := base config model template search store feed youtube http listing export delivery
# Which module may link which: tests/lint/includes checks the same arrows in the sources.
NEEDS_base :=
NEEDS_model := base
NEEDS_config := model base
NEEDS_template := base
NEEDS_search := base
NEEDS_store := search model base
NEEDS_feed := model base
NEEDS_youtube := model base
NEEDS_http := base
NEEDS_delivery := template model base
NEEDS_listing := http store search model base
NEEDS_export := listing http store search model base
NEEDS_cgi := delivery export listing http template feed store search config model base
NEEDS_cron := youtube delivery template feed export listing http store search config model base
NEEDS_sim := model base

# All sources below a folder.
sources = $(sort $(shell find $(1) -name '*.c'))
SRC_base := $(call sources,lib/base)
SRC_model := $(call sources,lib/model)
SRC_search := $(call sources,lib/search)
SRC_store := $(filter-out lib/store/postgres/% lib/store/engines/%,$(call sources,lib/store)) build/generated/migrations.c
# With PostgreSQL as well, in the modes named below: lib/store/engines/engine.h.
SRC_store_postgres := $(call sources,lib/store) build/generated/migrations.c build/generated/postgres_migrations.c
SRC_feed := $(call sources,lib/feed)
SRC_youtube := $(call sources,lib/youtube)
SRC_config := $(call sources,lib/config)
SRC_template := $(call sources,lib/template)
SRC_http := $(call sources,lib/http)
SRC_delivery := $(call sources,lib/delivery) build/generated/mails.c
SRC_listing := $(call sources,lib/listing)
SRC_export := $(call sources,lib/export)
# The programs without their main.c are archives too, so that tests can link them.
SRC_cgi := $(filter-out cgi/main.c,$(call sources,cgi)) build/generated/templates.c build/generated/assets.c build/generated/documents.c \
	build/generated/build.c
SRC_cron := $(filter-out cron/main.c,$(call sources,cron))
SRC_sim := $(filter-out tests/sim/main.c,$(call sources,tests/sim))
SRC_support := $(call sources,tests/support)

# make POSTGRES=1: the programs also know PostgreSQL.
POSTGRES ?= $(if $(filter postgres,$(ENGINE)),1)
PACKAGES := libcurl sqlite3 libcjson libcrypto fcgi libutf8proc expat zlib
PROGRAMS := build/newsreel-web build/newsreel-fetch build/newsreel-sim
VERSION := $(shell cat VERSION)

# ---- compiler ----------------------------------------------------------------------------------------------------------

CFLAGS ?= -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings -Wswitch-enum -Wnull-dereference -Wimplicit-fallthrough
GCC_WARNINGS := -Wduplicated-cond -Wduplicated-branches -Wlogical-op
HARDENING := -O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE -fno-common
HARDENED_LINK := -pie -Wl,-z,relro,-z,now,-z,noexecstack
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

COMMON := -std=c17 -D_POSIX_C_SOURCE=200809L -DNEWSREEL_VERSION='"$(VERSION)"' -Ilib -I. $(WARNINGS) -pthread

# A mode is a compiler with flags and a folder below build/. `release` is the user's, the others belong to the checks.
MODES := release release-postgres test test-postgres asan clang fuzz
POSTGRES_MODES := release-postgres test-postgres
RELEASE := release$(if $(POSTGRES),-postgres)
CC_release := $(CC)
CC_release-postgres := $(CC)
CC_test := gcc
CC_test-postgres := gcc
CC_asan := gcc
CC_clang := clang
CC_fuzz := clang
FLAGS_release = $(HARDENING) $(if $(findstring Free Software Foundation,$(shell $(CC) --version)),$(GCC_WARNINGS) -ftrivial-auto-var-init=zero)
FLAGS_release-postgres = $(FLAGS_release) $(FLAGS_postgres)
FLAGS_test := -O1 -Werror $(GCC_WARNINGS)
FLAGS_test-postgres = $(FLAGS_test) $(FLAGS_postgres)
FLAGS_postgres = -DHAVE_POSTGRES $(shell pkg-config --cflags libpq)
# With sanitizers gcc no longer sees the ranges of numbers, and would warn of texts that fit; the mode test does warn.
FLAGS_asan := -O1 -Werror -Wno-format-truncation $(SANITIZE)
FLAGS_clang := -O1 -Werror
FLAGS_fuzz := -O1 -Werror -fsanitize=fuzzer-no-link $(SANITIZE)
LINK_release := $(HARDENED_LINK)
LINK_release-postgres := $(HARDENED_LINK)
# A program is linked with what it uses of these, and no more.
LIBRARIES = -Wl,--as-needed $(shell pkg-config --libs $(PACKAGES)) -lm -pthread
libraries = $(LIBRARIES)$(if $(filter $(POSTGRES_MODES),$(1)), $(shell pkg-config --libs libpq))
LINK_asan := $(SANITIZE)
LINK_fuzz := -fsanitize=fuzzer $(SANITIZE)

# ---- packages of Debian 12 ---------------------------------------------------------------------------------------------

RUN_PACKAGES := gcc libc6-dev make pkg-config libcurl4-openssl-dev libcjson-dev libsqlite3-dev libssl-dev \
	libfcgi-dev libutf8proc-dev libexpat1-dev libmicrohttpd-dev zlib1g-dev nginx curl ca-certificates tzdata
TEST_PACKAGES := libcmocka-dev sqlite3 shellcheck python3-pytest python3-requests python3-jsonschema python3-selenium python3-aiosmtpd chromium chromium-driver \
	fonts-dejavu-core procps openssl
POSTGRES_PACKAGES := libpq-dev
POSTGRES_TEST_PACKAGES := $(POSTGRES_PACKAGES) postgresql-15
BENCH_PACKAGES := wrk sqlite3 python3 libcmocka-dev
DEB_PACKAGES := debhelper lintian
CHECK_PACKAGES := clang clang-tidy clang-format cppcheck libclang-rt-14-dev

# ---- targets -----------------------------------------------------------------------------------------------------------

.PHONY: all deps deps-test deps-test-postgres deps-check deps-deb deps-bench bench run test test-postgres e2e screenshots asan oom fuzz clang lint openapi-lint openapi-clients tidy cppcheck format format-check install uninstall deb dist docker test-image help clean
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

## all: build the programs (installs nothing)
all: $(PROGRAMS)

## run: install what is missing, build, and run newsreel until Ctrl-C
run: deps $(PROGRAMS)
	@exec nginx/start

## deps: install the packages for building and running that are missing (needs root or sudo)
deps:
	@tools/install-packages $(RUN_PACKAGES) $(if $(POSTGRES),$(POSTGRES_PACKAGES))

## deps-test: the same for the tests
deps-test:
	@tools/install-packages $(RUN_PACKAGES) $(TEST_PACKAGES)

## deps-test-postgres: the same for test-postgres
deps-test-postgres:
	@tools/install-packages $(RUN_PACKAGES) $(TEST_PACKAGES) $(POSTGRES_TEST_PACKAGES)

## deps-check: the same for the compilers and tools of asan, clang, tidy, cppcheck and format
deps-check:
	@tools/install-packages $(RUN_PACKAGES) $(TEST_PACKAGES) $(CHECK_PACKAGES)

## deps-deb: the same for the Debian package
deps-deb:
	@tools/install-packages $(RUN_PACKAGES) $(POSTGRES_PACKAGES) $(DEB_PACKAGES)

## deps-bench: the same for the benchmarks
deps-bench:
	@tools/install-packages $(RUN_PACKAGES) $(BENCH_PACKAGES) $(if $(POSTGRES),$(POSTGRES_TEST_PACKAGES))

## help: this list
help:
	@sed -n 's/^## //p' Makefile

## clean: remove everything that was built
clean:
	rm -rf build

C_FILES := $(sort $(shell find lib cgi cron tests -name '*.[ch]'))

## format: lay out all C sources with clang-format
format:
	@clang-format -i $(C_FILES)

## format-check: whether they are laid out so
format-check:
	@clang-format --dry-run --Werror $(C_FILES)

# ---- generated sources -------------------------------------------------------------------------------------------------

TEMPLATES := $(sort $(wildcard html/*.html html/*.atom html/*.opml html/*.svg html/*.xml))
# The style sheet's parts, in the order in which later rules win.
STYLE := $(patsubst %,html/style/%.css,base header list video footer narrow forms owner charts)
ASSETS := $(sort $(wildcard html/static/*)) build/generated/style.css

build/generated/migrations.c: $(sort $(wildcard lib/store/sqlite/migrations/*.sql)) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_migrations '' $(filter %.sql,$^) >$@

build/generated/postgres_migrations.c: $(sort $(wildcard lib/store/postgres/migrations/*.sql)) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_postgres_migrations '' $(filter %.sql,$^) >$@

# The functions of an engine have its name before theirs where there are two.
.PRECIOUS: build/generated/%_names.h
build/generated/%_names.h: lib/store/engines/functions.h
	@mkdir -p $(@D)
	@echo '  GEN $@'
	@{ sed -nE 's/^ENGINE_(PROCEDURE\(|FUNCTION\([^,]*, )([a-z_]+),.*/\2/p' $<; printf '%s\n' store_open store_files store_close \
		store_transaction_end statement_done; } | sed 's/.*/#define & $*_&/' >$@

build/generated/templates.c: $(TEMPLATES) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_templates .html $(TEMPLATES) >$@

MAILS := $(sort $(wildcard html/mail/*.html))

build/generated/mails.c: $(MAILS) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_mails .html $(MAILS) >$@

DOCUMENTS := cgi/api/openapi.json html/static/favicon.ico

build/generated/documents.c: $(DOCUMENTS) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_documents '' $(DOCUMENTS) >$@

build/generated/style.css: $(STYLE)
	@mkdir -p $(@D)
	cat $(STYLE) >$@

build/generated/assets.c: $(ASSETS) tools/embed tools/assets
	@mkdir -p $(@D)
	tools/assets build/www $(ASSETS)
	tools/embed embedded_assets '' build/www/names/* >$@

# A hash of all that the answers of newsreel-web are made by.
build/generated/build.c: $(sort $(shell find lib cgi html -type f)) VERSION
	@mkdir -p $(@D)
	@echo '  GEN $@'
	@{ echo '#include "base/embedded.h"'; cat $^ | sha256sum | sed 's/^\([0-9a-f]*\).*/const char embedded_build[] = "\1";/'; } >$@

# ---- compiling and linking, once for each mode -------------------------------------------------------------------------

ARCHIVES := $(MODULES) cgi cron sim support
objects = $(patsubst %.c,build/$(1)/%.o,$(2))
# The archives of a part and of all it needs, in linking order.
archives = $(foreach part,$(2) $(NEEDS_$(2)),build/$(1)/lib$(part).a)

sources_of = $(or $(if $(filter $(POSTGRES_MODES),$(1)),$(SRC_$(2)_postgres)),$(SRC_$(2)))
# Of an engine's source: -include and the names that its functions have.
names_of = $(if $(filter $(POSTGRES_MODES),$(1)),$(foreach engine,sqlite postgres,$(if $(filter lib/store/$(engine)/%,$(2)),-include build/generated/$(engine)_names.h)))

define archive_rule
build/$(1)/lib$(2).a: $$(call objects,$(1),$$(call sources_of,$(1),$(2)))
	@rm -f $$@
	@ar qcs $$@ $$^
endef

define mode_rules
build/$(1)/%.o: %.c VERSION | build/libraries-found $(if $(filter $(POSTGRES_MODES),$(1)),build/generated/sqlite_names.h build/generated/postgres_names.h)
	@mkdir -p $$(@D)
	@echo '  CC  $$@'
	@$$(CC_$(1)) $$(CPPFLAGS) $$(COMMON) $$(CFLAGS) $$(FLAGS_$(1)) $$(call names_of,$(1),$$<) -MMD -MP -c $$< -o $$@

build/$(1)/newsreel-web: build/$(1)/cgi/main.o $$(call archives,$(1),cgi)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(call libraries,$(1)) -o $$@
build/$(1)/newsreel-fetch: build/$(1)/cron/main.o $$(call archives,$(1),cron)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(call libraries,$(1)) -o $$@
build/$(1)/newsreel-sim: build/$(1)/tests/sim/main.o $$(call archives,$(1),sim)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(call libraries,$(1)) -lmicrohttpd -o $$@
endef

$(foreach mode,$(MODES),$(eval $(call mode_rules,$(mode))))
$(foreach mode,$(MODES),$(foreach part,$(ARCHIVES),$(eval $(call archive_rule,$(mode),$(part)))))

# Which of both programs build/newsreel-… is.
build/engines: FORCE
	@mkdir -p build
	@echo '$(RELEASE)' | cmp -s - $@ || echo '$(RELEASE)' >$@
FORCE:

# Moved into place: the old one may be running.
$(PROGRAMS): build/%: build/$(RELEASE)/% build/engines
	@cp $< $@.new && mv $@.new $@

# Some targets install what is missing; nothing is compiled before.
build/libraries-found: | $(if $(filter run,$(MAKECMDGOALS)),deps) $(if $(filter test e2e screenshots,$(MAKECMDGOALS)),deps-test) $(if $(filter bench,$(MAKECMDGOALS)),deps-bench)
	@pkg-config --exists $(PACKAGES) libmicrohttpd $(if $(POSTGRES),libpq) || { echo 'Libraries are missing: run "make deps".' >&2; exit 1; }
	@mkdir -p build && touch $@

# ---- tests -------------------------------------------------------------------------------------------------------------

# tests/unit/<module>/<what>.c and everything below tests/flow are a program each, linked with what the module may know and tests/support.
UNIT := $(patsubst %.c,%,$(filter-out tests/unit/store/postgres/%,$(call sources,tests/unit)))
POSTGRES_UNIT := $(patsubst %.c,%,$(call sources,tests/unit/store/postgres))
FLOW := $(patsubst %.c,%,$(filter-out tests/flow/postgres/%,$(call sources,tests/flow)))
POSTGRES_FLOW := $(patsubst %.c,%,$(call sources,tests/flow/postgres))
NEEDS_flow := cron cgi youtube delivery export listing http template feed store search config sim model base
NEEDS_cron_test := cron youtube delivery template feed export listing http store search config sim model base
module_of = $(word 3,$(subst /, ,$(1)))
fuzzed_module_of = $(firstword $(subst _, ,$(notdir $(1))))

# What is about databases only as others use them copies new ones (tests/support/new_database.c).
COPY_NEW := -Wl,--wrap=migrate,--undefined=__wrap_migrate
MIGRATING := $(addprefix tests/unit/store/sqlite/,migrate open upgrade)
copy_new = $(if $(filter store,$(2)),$(if $(filter $(1),$(MIGRATING)),,$(COPY_NEW)))

define test_rule
build/$(1)/$(2): build/$(1)/$(2).o build/$(1)/libsupport.a $(foreach part,$(3),build/$(1)/lib$(part).a)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $(call copy_new,$(2),$(3)) $$^ $$(call libraries,$(1)) -lcmocka -o $$@
endef
# Tests of some modules need others.
test_needs = $(or $(NEEDS_$(1)_test),$(1) $(NEEDS_$(1)))
$(foreach mode,test test-postgres asan,$(foreach t,$(UNIT),$(eval $(call test_rule,$(mode),$(t),$(call test_needs,$(call module_of,$(t)))))))
$(foreach t,$(POSTGRES_UNIT),$(eval $(call test_rule,test-postgres,$(t),store $(NEEDS_store))))
$(foreach t,$(POSTGRES_FLOW),$(eval $(call test_rule,test-postgres,$(t),$(NEEDS_flow))))
$(foreach mode,test test-postgres asan,$(foreach t,$(FLOW),$(eval $(call test_rule,$(mode),$(t),$(NEEDS_flow)))))

# Flow tests once more, linked so that allocations fail (tests/oom); the storm, weeks of push notifications and a month of changes would take hours.
OOM := $(patsubst tests/flow/%,tests/oom/%,$(filter-out tests/flow/storm tests/flow/push tests/flow/changes,$(FLOW)))
OOM_OBJECTS := $(patsubst %.c,build/asan/%.o,$(call sources,tests/oom))
wraps = $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc strdup strndup log_line dispatch)
comma := ,

$(OOM:%=build/asan/%): build/asan/tests/oom/%: build/asan/tests/flow/%.o $(OOM_OBJECTS) build/asan/libsupport.a \
		$(NEEDS_flow:%=build/asan/lib%.a)
	@mkdir -p $(@D)
	@echo '  LD  $@'
	@$(CC_asan) $(LDFLAGS) $(LINK_asan) $(wraps) $(COPY_NEW) $^ $(LIBRARIES) -lcmocka -o $@

# tests/fuzz/<module>_<what>.c is a program too: with libFuzzer in the mode fuzz, with replay.c otherwise.
FUZZ := $(filter-out %/fuzz %/site %/replay,$(patsubst %.c,%,$(call sources,tests/fuzz)))
FUZZ_SECONDS ?= 60
# About a minute of tests/flow/storm under the sanitizers.
STORM_REQUESTS ?= 15000

define fuzz_rule
build/$(1)/$(2): $(foreach part,$(2) tests/fuzz/fuzz $(if $(filter tests/fuzz/cgi_%,$(2)),tests/fuzz/site) $(if $(filter fuzz,$(1)),,tests/fuzz/replay),build/$(1)/$(part).o) \
		build/$(1)/libsupport.a $(foreach part,$(3),build/$(1)/lib$(part).a)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(call libraries,$(1)) -lcmocka -o $$@
endef
$(foreach mode,test asan fuzz,$(foreach t,$(FUZZ),$(eval $(call fuzz_rule,$(mode),$(t),$(call test_needs,$(call fuzzed_module_of,$(t)))))))

# Programs of the benchmarks: tests/bench/recording/*.c are one, those of tests/bench/answers and tests/bench/tick one each.
BENCH_RECORDING := build/$(RELEASE)/tests/bench/newsreel-recording
BENCH_COST := build/$(RELEASE)/tests/bench/tick/cost
BENCH_PLAN := build/$(RELEASE)/tests/bench/tick/plan
BENCH_ANSWERS := $(patsubst %.c,build/$(RELEASE)/%,$(call sources,tests/bench/answers))

define bench_rule
$(1): $(2) build/$(RELEASE)/libsupport.a $(foreach part,$(NEEDS_cron_test),build/$(RELEASE)/lib$(part).a)
	@echo '  LD  $$@'
	@$$(CC_$(RELEASE)) $$(LDFLAGS) $$(LINK_$(RELEASE)) $$^ $$(call libraries,$(RELEASE)) -lcmocka -o $$@
endef
$(eval $(call bench_rule,$(BENCH_RECORDING),$(patsubst %.c,build/$(RELEASE)/%.o,$(call sources,tests/bench/recording))))
$(eval $(call bench_rule,$(BENCH_COST),$(BENCH_COST).o))
$(eval $(call bench_rule,$(BENCH_PLAN),$(BENCH_PLAN).o))
$(foreach program,$(BENCH_ANSWERS),$(eval $(call bench_rule,$(program),$(program).o)))

# A part writes build/bench/PART.json, whose path is its argument.
BENCH ?= recording tick answers import worst figures
bench_answers = /usr/bin/python3 -B tests/bench/answers/answers.py
bench_import = /usr/bin/python3 -B tests/bench/import/import.py
bench_worst = /usr/bin/python3 -B tests/bench/worst/worst.py
bench_figures = /usr/bin/python3 -B tests/bench/figures/figures.py
bench_recording = $(BENCH_RECORDING)
bench_tick = tests/bench/tick/idle_tick $(BENCH_COST) $(BENCH_PLAN)

## bench: benchmarks, a table and build/bench.json; ENGINE=postgres BENCH=answers on PostgreSQL; BENCH=recording, tick, answers, import, worst or figures for one part, BENCH_VIDEOS=10000 BENCH_SECONDS=1
##        BENCH_SEEDS=1 BENCH_WORLD="no order" BENCH_ROW=newsreel for a short one
bench: deps-bench $(PROGRAMS) $(BENCH_RECORDING) $(BENCH_COST) $(BENCH_PLAN) $(BENCH_ANSWERS)
	@mkdir -p build/bench
	@$(foreach part,$(BENCH),$(bench_$(part)) build/bench/$(part).json &&) \
		tests/bench/report.py build/bench.json $(BENCH:%=build/bench/%.json)

TESTS := $(UNIT) $(FLOW) $(FUZZ)
LINTS := $(sort $(wildcard tests/lint/*))
E2E := $(sort $(wildcard tests/e2e/test_*.py))

## test: install what is missing, build, and run all tests; the last line says "N passed, N failed"
test: deps-test $(PROGRAMS) $(TESTS:%=build/test/%)
	@tests/run $(E2E) $(patsubst %,build/test/%,$(LONG) $(filter-out $(LONG),$(TESTS))) $(LINTS)

# Those that have a database, but for what is SQLite's alone: its files, and what reads other programs' files.
OF_SQLITE := $(addprefix tests/unit/,store/sqlite/% store/files/% cron/backup/%)
POSTGRES_LONG := $(addprefix tests/unit/cron/,alerts/runs clock cycle kill nonsense quota scouts uploads weeks) tests/flow/push tests/flow/changes tests/flow/storm
POSTGRES_TESTS = $(POSTGRES_UNIT) $(POSTGRES_FLOW) \
	$(filter-out $(OF_SQLITE) $(POSTGRES_LONG),$(filter tests/unit/store/% tests/unit/cron/% tests/flow/%,$(UNIT) $(FLOW)))

## test-postgres: the tests that have a database on a PostgreSQL of their own, which is started in a folder and removed
##       POSTGRES_LONG= for those too that take many minutes there: days and weeks of runs
test-postgres: deps-test-postgres $(POSTGRES_TESTS:%=build/test-postgres/%) $(PROGRAMS:build/%=build/release-postgres/%) build/generated/assets.c
	@tests/postgres/run $(sort $(wildcard tests/postgres/test_*.py)) $(POSTGRES_TESTS:%=build/test-postgres/%)

## e2e: only the tests through nginx and a browser
e2e: deps-test $(PROGRAMS)
	@tests/run $(E2E)

## test-image: build the image and try it: size, user, health, memory, volume, end; CONTAINER=podman for that engine
test-image:
	@tests/image/run

## screenshots: pictures of every page and state, light and dark, 1280 and 390 pixels wide, into build/screenshots; ONLY="videos keys" for some
screenshots: deps-test $(PROGRAMS)
	@tests/screenshots/take build/screenshots $(ONLY)

## asan: unit and flow tests and the fuzzers' corpora with the address and undefined-behaviour sanitizers; flow tests also as in oom
##       LONG= for those tests too that take minutes with them
LONG := $(addprefix tests/unit/cron/,clock cycle quota weeks kill nonsense scouts uploads alerts/send alerts/runs import/import) \
	$(addprefix tests/unit/store/,videos recorded search/video_search search/channel_search) tests/flow/push tests/flow/changes
asan: $(patsubst %,build/asan/%,$(filter-out $(LONG),$(TESTS))) $(OOM:%=build/asan/%)
	@ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 STORM_REQUESTS=$(STORM_REQUESTS) tests/run $^

## oom: flow tests with one allocation failing, one after the other, under the same sanitizers
oom: $(OOM:%=build/asan/%)
	@ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 tests/run $^

## fuzz: make up inputs for every program of tests/fuzz, FUZZ_SECONDS (60) each, two at a time; findings go to build/fuzz/found
fuzz: $(FUZZ:%=build/fuzz/%)
	@tests/fuzz/run $(FUZZ_SECONDS) $^

# ---- checks ------------------------------------------------------------------------------------------------------------

C_SOURCES := $(call sources,lib cgi cron tests)
# Those that need libpq.
POSTGRES_SOURCES := $(call sources,lib/store/postgres lib/store/engines tests/unit/store/postgres tests/flow/postgres)

## clang: build everything with clang, a warning being an error
clang: $(PROGRAMS:build/%=build/clang/%)

## lint: what the sources must not hold: wrong includes, banned functions, SQL or markup in the wrong place, faulty scripts
lint:
	@tests/run $(LINTS)

## tidy: clang-tidy; TIDY_MODE=deep follows more paths through the programs, and takes ten times as long
TIDY_MODE ?= shallow
tidy: | build/libraries-found
	@printf '%s\n' $(filter-out $(POSTGRES_SOURCES),$(C_SOURCES)) | xargs -P 2 -I @ clang-tidy --quiet @ -- $(COMMON) -Xclang -analyzer-config -Xclang mode=$(TIDY_MODE)
	@! pkg-config --exists libpq || printf '%s\n' $(POSTGRES_SOURCES) | \
		xargs -P 2 -I @ clang-tidy --quiet @ -- $(COMMON) $(FLAGS_postgres) -Xclang -analyzer-config -Xclang mode=$(TIDY_MODE)

OPENAPI_TOOLS := build/openapi/node_modules/.installed
in_openapi = cd build/openapi && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true node_modules/.bin/$(1)

# Of the versions in tests/openapi/package-lock.json, from the registry that npm is configured for; their own scripts are not run.
$(OPENAPI_TOOLS): tests/openapi/package.json tests/openapi/package-lock.json
	@command -v npm >/dev/null || tools/install-packages nodejs npm
	@mkdir -p build/openapi && cp $^ build/openapi
	@npm ci --prefix build/openapi --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

## openapi-lint: redocly and spectral on cgi/api/openapi.json; installs them with npm, below build/
openapi-lint: $(OPENAPI_TOOLS)
	@$(call in_openapi,redocly) lint --config ../../tests/openapi/redocly.yaml ../../cgi/api/openapi.json
	@$(call in_openapi,spectral) lint --ruleset ../../tests/openapi/spectral.yaml --fail-severity=warn ../../cgi/api/openapi.json

## openapi-clients: clients that two generators make from cgi/api/openapi.json compile, and ask a running server
openapi-clients: $(OPENAPI_TOOLS) $(PROGRAMS)
	@tests/openapi/clients/run build/openapi

## cppcheck: cppcheck
cppcheck:
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --suppress=missingInclude \
		--include=tests/support/cppcheck.h \
		--error-exitcode=1 -j 2 -Ilib -I. $(C_SOURCES)

# ---- installing --------------------------------------------------------------------------------------------------------

PREFIX ?= /usr/local
SHARE := $(DESTDIR)$(PREFIX)/share/newsreel
MAN := $(DESTDIR)$(PREFIX)/share/man
UNIT_FOLDER ?= $(PREFIX)/lib/systemd/system
UNITS := $(DESTDIR)$(UNIT_FOLDER)
SYSUSERS := $(DESTDIR)$(PREFIX)/lib/sysusers.d/newsreel.conf
TMPFILES := $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/newsreel.conf
fill = sed -e 's|@BIN@|$(PREFIX)/bin|; s|@LISTEN@|127.0.0.1:8080|; s|@SOCKET@|/run/newsreel/web.sock|' \
	-e 's|@WWW@|$(PREFIX)/share/newsreel/www|; s|@CACHE@|/var/lib/nginx/newsreel|; s|@EXTRA@|/etc/newsreel/site-*.conf|' \
	-e 's|@SHARE@|$(PREFIX)/share/newsreel|' $(1) >$(2)

## install: programs, nginx site, crontab, files for systemd and manual pages, below PREFIX (/usr/local) and DESTDIR
install: $(PROGRAMS)
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE) $(UNITS) $(dir $(SYSUSERS)) $(dir $(TMPFILES)) $(MAN)/man1 $(MAN)/man7 $(MAN)/man8
	install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	rm -rf $(SHARE)/www && cp -R build/www $(SHARE)/www && rm -rf $(SHARE)/www/names
	install nginx/start $(SHARE)
	install -m 644 nginx/nginx.conf.in nginx/site.conf.in nginx/https.conf.example .env.example $(SHARE)
	$(call fill,nginx/site.conf.in,$(SHARE)/site.conf)
	$(call fill,cron/newsreel.cron,$(SHARE)/newsreel.cron)
	$(call fill,nginx/newsreel-web.service,$(UNITS)/newsreel-web.service)
	$(call fill,cron/newsreel-fetch.service,$(UNITS)/newsreel-fetch.service)
	$(call fill,cron/newsreel-backup.service,$(UNITS)/newsreel-backup.service)
	install -m 644 nginx/newsreel-web.socket cron/newsreel-fetch.timer cron/newsreel-backup.timer $(UNITS)
	install -m 644 nginx/newsreel.sysusers $(SYSUSERS)
	$(call fill,nginx/newsreel.tmpfiles,$(TMPFILES))
	install -m 644 docs/newsreel-fetch.1 $(MAN)/man1
	install -m 644 docs/newsreel.7 $(MAN)/man7
	install -m 644 docs/newsreel-web.8 $(MAN)/man8

## uninstall: remove what install made; settings and data stay
uninstall:
	rm -f $(foreach program,$(notdir $(PROGRAMS)),$(DESTDIR)$(PREFIX)/bin/$(program)) $(SYSUSERS) $(TMPFILES)
	rm -f $(foreach unit,web.socket web.service fetch.service fetch.timer backup.service backup.timer,$(UNITS)/newsreel-$(unit))
	rm -f $(MAN)/man1/newsreel-fetch.1 $(MAN)/man7/newsreel.7 $(MAN)/man8/newsreel-web.8
	rm -rf $(SHARE)

## deb: a Debian package, build/newsreel_VERSION_ARCH.deb, checked by lintian
deb: deps-deb
	@printf 'newsreel (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' $(VERSION) \
		'$(shell sed -n 's/^Maintainer: //p' debian/control)' "$$(date -R -r VERSION)" >debian/changelog
	debian/rules clean binary
	lintian --fail-on error build/newsreel_$(VERSION)_*.deb
	debian/rules clean

## dist: build/newsreel-VERSION.tar.gz, the files of the last commit; the same commit gives the same bytes
DIST := newsreel-$(VERSION)
dist:
	@mkdir -p build
	git archive --format=tar --prefix=$(DIST)/ HEAD | gzip -9 -n >build/$(DIST).tar.gz
	@sha256sum build/$(DIST).tar.gz

## docker: build the image
docker:
	docker build --build-arg VERSION=$(VERSION) -t newsreel .

-include $(shell find build -name '*.d' 2>/dev/null)
