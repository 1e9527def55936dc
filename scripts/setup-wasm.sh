# shellcheck shell=sh
# Set-up of Debian packages and of the wasm target: rustup's if it can be had, else a standard library
# that Debian's compiler builds once. Sourced by scripts/setup.

# apt_install WHY PACKAGES...: only as root (or with sudo that asks nothing), only where there is apt.
apt_install() {
    why=$1
    shift
    sudo=
    if [ "$(id -u)" -ne 0 ]; then sudo="sudo -n"; fi
    if ! have apt-get || ! ${sudo:-env} true 2>/dev/null; then
        die "missing: $* ($why)" "this machine" "install them with the system's package manager, then run again"
    fi
    say "set-up: installing Debian's $* ($why)"
    log=$(mktemp)
    # The lists may be old or absent; a failed update shows in the install that follows.
    $sudo apt-get -q update >"$log" 2>&1 || true
    if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@" \
        >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        die "Debian's $* could not be installed" "$log" "run: apt-get update && apt-get install $*"
    fi
    rm -f "$log"
}

setup_wasm() {
    if has_wasm_target; then return; fi
    if linked_is_current; then
        link_toolchain
        return
    fi
    if have rustup; then
        say "set-up: adding the $WASM_TARGET target with rustup (the page is a wasm program)"
        if bounded 60 rustup target add "$WASM_TARGET" >/dev/null 2>&1 && has_wasm_target; then return; fi
        say "set-up: rustup cannot fetch it here; Debian's compiler will build the standard library, once"
    fi
    build_toolchain
    link_toolchain
}

# The sources of the standard library, from which the published page compiles its own. Debian's compiler brings them.
setup_src() {
    if ! has_wasm_target || [ -f "$(rustc --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ]; then return; fi
    if have rustup; then
        say "set-up: adding the sources of the standard library with rustup (a lighter page)"
        if bounded 120 rustup component add rust-src >/dev/null 2>&1; then return; fi
    fi
    say "set-up: there are no sources of the standard library; the published page will be a tenth heavier"
}

# A standard library serves exactly the compiler that built it; Debian's may have been upgraded since.
linked_is_current() {
    [ -x /usr/bin/rustc ] && [ -f "$DATA/wasm-toolchain/built-by" ] &&
        [ "$(cat "$DATA/wasm-toolchain/built-by")" = "$(/usr/bin/rustc --version)" ]
}

link_toolchain() {
    have rustup || die "the compiler has no $WASM_TARGET target" "$(rustc --print sysroot)" \
        "install Rust with rustup, or add the target with the system's package manager"
    if rustc "+$LINKED_TOOLCHAIN" --version >/dev/null 2>&1; then return; fi
    rustup toolchain link "$LINKED_TOOLCHAIN" "$DATA/wasm-toolchain"
}

# Builds std for wasm from Debian's rust-web-src, and lays a toolchain out around it whose compiler,
# linker and host library stay Debian's.
build_toolchain() {
    apt_install "a compiler with the sources of its standard library" rustc-web cargo-web rust-web-src lld
    host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
    home=$DATA/wasm-toolchain
    build=$(mktemp -d)
    say "set-up: building the standard library for wasm (under a minute)"
    write_shim "$build"
    # Bitcode must be in it, or fat link-time optimization of the page fails.
    if ! (cd "$build" && env -u CARGO_TARGET_DIR -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS="-Cembed-bitcode=yes" /usr/bin/cargo build --quiet --release --target "$WASM_TARGET" \
        -Zbuild-std=std,panic_abort,test --target-dir "$build/out"); then
        die "the standard library did not compile" "$build" \
            "run: rustup target add $WASM_TARGET, on a network where that works"
    fi
    rm -rf "$home"
    mkdir -p "$home/bin" "$home/lib/rustlib/$WASM_TARGET/lib" "$home/lib/rustlib/$host/bin"
    cp "$build/out/$WASM_TARGET"/release/deps/*.rlib "$home/lib/rustlib/$WASM_TARGET/lib/"
    rm -f "$home/lib/rustlib/$WASM_TARGET/lib"/libstdshim*
    ln -sfn "/usr/lib/rustlib/$host/lib" "$home/lib/rustlib/$host/lib"
    ln -sfn /usr/lib/rustlib/src "$home/lib/rustlib/src"
    ln -sfn /usr/bin/lld "$home/lib/rustlib/$host/bin/rust-lld"
    for tool in rustc rustdoc; do
        printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' "$tool" "$home" >"$home/bin/$tool"
        chmod +x "$home/bin/$tool"
    done
    ln -sfn /usr/bin/cargo "$home/bin/cargo"
    rm -rf "$build"
    # Last, so that a set-up that was interrupted begins anew.
    /usr/bin/rustc --version >"$home/built-by"
}

# An empty crate: building it builds the standard library and nothing else.
write_shim() {
    mkdir -p "$1/src"
    echo '#![no_std]' >"$1/src/lib.rs"
    cat >"$1/Cargo.toml" <<'EOF'
[package]
name = "stdshim"
version = "0.0.0"
edition = "2021"
[profile.release]
codegen-units = 1
debug = 0
EOF
}
