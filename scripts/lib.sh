# shellcheck shell=sh
# shellcheck disable=SC2034 # The scripts that source this use them.
# What the scripts share: words, places, versions. Sourced, never run.

# Where tools are kept, outside the checkout and one folder a version, so that a second checkout,
# or the next CI run, installs nothing.
DATA=${XDG_DATA_HOME:-$HOME/.local/share}/replicarium
TOOLS=$DATA/tools
CARGO_BIN=${CARGO_HOME:-$HOME/.cargo}/bin
# Trunk looks here for its helpers before it downloads them.
TRUNK_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/trunk

WASM_TARGET=wasm32-unknown-unknown
# The name under which rustup knows the compiler with a standard library of our own building.
LINKED_TOOLCHAIN=wasm-local

# The last Trunk that today's stable compiles.
TRUNK_VERSION=0.21.14
# Of the same number as in tests/browser/package.json and Trunk.toml.
BINARYEN_VERSION=132
DENY_VERSION=0.20.2

say() { printf '%s\n' "$*"; }

# die WHAT WHERE FIX: ends the script with an error that can be acted on.
die() {
    printf '\nerror: %s\n  where: %s\n  fix:   %s\n' "$1" "$2" "$3" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# bounded SECONDS COMMAND...: a network that never answers must not hang the set-up.
bounded() {
    limit=$1
    shift
    if have timeout; then timeout "$limit" "$@"; else "$@"; fi
}

# The version of a crate in Cargo.lock.
locked_version() {
    awk -v name="\"$1\"" '$1 == "name" { found = ($3 == name) }
        found && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# Whether the compiler that plain `cargo` would use here has the wasm target.
has_wasm_target() {
    [ -n "$(find "$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib" -name 'libstd-*.rlib' 2>/dev/null)" ]
}

# Puts the right Trunk first in PATH, and chooses the compiler for the page: the usual one if it has the
# wasm target, else the linked one. Everything that builds the page calls this first; fmt, clippy and
# native builds don't.
use_page_tools() {
    if [ -x "$TOOLS/trunk-$TRUNK_VERSION/bin/trunk" ]; then
        PATH=$TOOLS/trunk-$TRUNK_VERSION/bin:$PATH
    fi
    if ! has_wasm_target && [ -x "$DATA/wasm-toolchain/bin/rustc" ]; then
        export RUSTUP_TOOLCHAIN=$LINKED_TOOLCHAIN
    fi
}

# Builds what follows with a standard library that is compiled along with the page, for size and without the words
# of panics, if its sources are here: a tenth of the page. Without them the page is only heavier.
use_lean_std() {
    [ -f "$(rustc --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ] || return 0
    export RUSTC_BOOTSTRAP=1
    export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
    export CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
    export CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT=true
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-Cpanic=immediate-abort -Zunstable-options"
    # Beside what `trunk serve` builds with the usual library, which each would otherwise build anew.
    export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/page"
}

# find_program NAMES...: where the first of these is.
find_program() {
    for name in "$@"; do
        if have "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# Where Debian and others put the browsers; CHROMIUM and FIREFOX override.
find_chromium() { find_program "${CHROMIUM:-chromium}" chromium-browser google-chrome google-chrome-stable; }
find_firefox() { find_program "${FIREFOX:-firefox-esr}" firefox; }
