# shellcheck shell=sh
# Runs named steps one after another, stops at the first that fails, and says at the end how long each took; and the
# steps that more than one script has. Sourced, never run.

STEPS_BEGAN=$(date +%s)
STEPS_TABLE=$(mktemp)

# step NAME COMMAND...
step() {
    step_name=$1
    shift
    printf '\n==> %s\n' "$step_name"
    step_began=$(date +%s)
    if ! "$@"; then
        printf '\nerror: %s failed\n  where: %s\n  fix:   read the lines above; run the command alone until it passes\n' \
            "$step_name" "$*" >&2
        exit 1
    fi
    step_took=$(($(date +%s) - step_began))
    printf '    %s: %s s\n' "$step_name" "$step_took"
    printf '%6s s  %s\n' "$step_took" "$step_name" >>"$STEPS_TABLE"
}

steps_done() {
    printf '\nHow long each took:\n'
    cat "$STEPS_TABLE"
    rm -f "$STEPS_TABLE"
    printf 'All passed in %s s.\n' "$(($(date +%s) - STEPS_BEGAN))"
}

# Lints: everything at once, then what only compiles without the page, and with the script API alone. What these
# share is compiled once.
lints() {
    cargo clippy --quiet --workspace --all-targets --features ui,api,probe -- -D warnings || return 1
    cargo clippy --quiet --lib --bins -- -D warnings || return 1
    cargo clippy --quiet --lib --bins --features api -- -D warnings
}
