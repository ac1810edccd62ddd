# newsreel. `make help` lists the targets.

# ---- what is built from what -------------------------------------------------------------------------------------------

MODULES := base model store youtube web
# Which module may link which: tests/lint/includes checks the same arrows in the sources.
NEEDS_base :=
NEEDS_model := base
NEEDS_store := model base
NEEDS_youtube := model base
NEEDS_web := base
NEEDS_cgi := web store model base
NEEDS_cron := youtube store model base
NEEDS_sim := model base

sources = $(sort $(wildcard $(1)/*.c))
SRC_base := $(call sources,lib/base)
SRC_model := $(call sources,lib/model)
SRC_store := $(call sources,lib/store) build/generated/migrations.c
SRC_youtube := $(call sources,lib/youtube)
SRC_web := $(call sources,lib/web)
# The programs without their main.c are archives too, so that tests can link them.
SRC_cgi := $(filter-out cgi/main.c,$(call sources,cgi)) build/generated/templates.c build/generated/assets.c
SRC_cron := $(filter-out cron/main.c,$(call sources,cron))
SRC_sim := $(filter-out tests/sim/main.c,$(call sources,tests/sim))
SRC_support := $(call sources,tests/support)

PACKAGES := libcurl sqlite3 libcjson libcrypto
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
LIBRARIES = $(shell pkg-config --libs $(PACKAGES)) -lm -pthread

# A mode is a compiler with flags and a folder below build/. `release` is the user's, the others belong to the checks.
MODES := release test asan clang
CC_release := $(CC)
CC_test := gcc
CC_asan := gcc
CC_clang := clang
FLAGS_release := $(HARDENING) $(if $(findstring gcc,$(shell $(CC) --version)),$(GCC_WARNINGS) -ftrivial-auto-var-init=zero)
FLAGS_test := -O1 -Werror $(GCC_WARNINGS)
FLAGS_asan := -O1 -Werror $(SANITIZE)
FLAGS_clang := -O1 -Werror
LINK_release := $(HARDENED_LINK)
LINK_asan := $(SANITIZE)

# ---- targets -----------------------------------------------------------------------------------------------------------

.PHONY: all deps run test asan lint format help clean
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

## all: build the programs (installs nothing)
all: $(PROGRAMS)

## help: this list
help:
	@sed -n 's/^## //p' Makefile

## clean: remove everything that was built
clean:
	rm -rf build

## format: lay out all C sources with clang-format
format:
	clang-format -i $(wildcard lib/*/*.[ch] cgi/*.[ch] cron/*.[ch] tests/*/*.[ch])

# ---- generated sources -------------------------------------------------------------------------------------------------

TEMPLATES := $(sort $(wildcard html/*.html))
ASSETS := $(sort $(wildcard html/static/*))

build/generated/migrations.c: $(sort $(wildcard lib/store/migrations/*.sql)) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_migrations '' $(filter %.sql,$^) >$@

build/generated/templates.c: $(TEMPLATES) tools/embed
	@mkdir -p $(@D)
	tools/embed embedded_templates .html $(TEMPLATES) >$@

build/generated/assets.c: $(ASSETS) tools/embed tools/assets
	@mkdir -p $(@D)
	tools/assets build/www $(ASSETS)
	tools/embed embedded_assets '' build/www/names/* >$@

# ---- compiling and linking, once for each mode -------------------------------------------------------------------------

ARCHIVES := $(MODULES) cgi cron sim support
objects = $(patsubst %.c,build/$(1)/%.o,$(2))
# The archives of a part and of all it needs, in linking order.
archives = $(foreach part,$(2) $(NEEDS_$(2)),build/$(1)/lib$(part).a)

define archive_rule
build/$(1)/lib$(2).a: $$(call objects,$(1),$$(SRC_$(2)))
	@rm -f $$@
	@ar rcs $$@ $$^
endef

define mode_rules
build/$(1)/%.o: %.c | build/libraries-found
	@mkdir -p $$(@D)
	@echo '  CC  $$@'
	@$$(CC_$(1)) $$(CPPFLAGS) $$(COMMON) $$(CFLAGS) $$(FLAGS_$(1)) -MMD -MP -c $$< -o $$@

build/$(1)/newsreel-web: build/$(1)/cgi/main.o $$(call archives,$(1),cgi)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(LIBRARIES) -lfcgi -o $$@
build/$(1)/newsreel-fetch: build/$(1)/cron/main.o $$(call archives,$(1),cron)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(LIBRARIES) -o $$@
build/$(1)/newsreel-sim: build/$(1)/tests/sim/main.o $$(call archives,$(1),sim)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(LIBRARIES) -lmicrohttpd -lz -o $$@
endef

$(foreach mode,$(MODES),$(eval $(call mode_rules,$(mode))))
$(foreach mode,$(MODES),$(foreach part,$(ARCHIVES),$(eval $(call archive_rule,$(mode),$(part)))))

$(PROGRAMS): build/%: build/release/%
	@cp $< $@

build/libraries-found:
	@pkg-config --exists $(PACKAGES) fcgi libmicrohttpd zlib || { echo 'Libraries are missing: run "make deps".' >&2; exit 1; }
	@mkdir -p build && touch $@

# ---- tests -------------------------------------------------------------------------------------------------------------

# tests/unit/<module>_<what>.c and tests/flow/<what>.c are a program each, linked with what the module may know and tests/support.
UNIT := $(patsubst %.c,%,$(call sources,tests/unit))
FLOW := $(patsubst %.c,%,$(call sources,tests/flow))
NEEDS_flow := cron cgi youtube web store sim model base
NEEDS_cron_test := cron youtube store sim model base
module_of = $(firstword $(subst _, ,$(notdir $(1))))

define test_rule
build/$(1)/$(2): build/$(1)/$(2).o build/$(1)/libsupport.a $(foreach part,$(3),build/$(1)/lib$(part).a)
	@echo '  LD  $$@'
	@$$(CC_$(1)) $$(LDFLAGS) $$(LINK_$(1)) $$^ $$(LIBRARIES) -lcmocka -lz -o $$@
endef
test_needs = $(if $(filter cron,$(1)),$(NEEDS_cron_test),$(1) $(NEEDS_$(1)))
$(foreach mode,test asan,$(foreach t,$(UNIT),$(eval $(call test_rule,$(mode),$(t),$(call test_needs,$(call module_of,$(t)))))))
$(foreach mode,test asan,$(foreach t,$(FLOW),$(eval $(call test_rule,$(mode),$(t),$(NEEDS_flow)))))

-include $(shell find build -name '*.d' 2>/dev/null)
