# shellcheck shell=sh
# Runs named steps one after another, says how long each took, and stops at the first that fails.
# Sourced, never run.

STEPS_BEGAN=$(date +%s)

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
    printf '    %s: %s s\n' "$step_name" "$(($(date +%s) - step_began))"
}

steps_done() { printf '\nAll passed in %s s.\n' "$(($(date +%s) - STEPS_BEGAN))"; }
