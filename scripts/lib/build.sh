# Sourced by the scripts; needs $root (the project's folder) and lib/jdk.sh. Runs Maven, and
# rebuilds what is out of date.

# Whether the `mvn` on PATH is one that the build accepts: 3.8.1 or newer.
is_maven_suitable() {
    local version minor patch
    command -v mvn > /dev/null || return 1
    version=$(mvn -Dstyle.color=never --version 2> /dev/null) || return 1
    [[ $version =~ Apache\ Maven\ ([0-9]+)\.([0-9]+)\.([0-9]+) ]] || return 1
    version=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]} patch=${BASH_REMATCH[3]}
    [ "$((version * 1000000 + minor * 1000 + patch))" -ge 3008001 ]
}

# Maven from PATH; if there is none, or an old one, the wrapper, which downloads Maven once.
run_maven() {
    if [ -z "${maven_command-}" ]; then
        maven_command=$root/mvnw
        if is_maven_suitable; then
            maven_command=mvn
        fi
    fi
    local path=$PATH
    # The wrapper checks the sum of a zip file. Without unzip it downloads another file, whose sum
    # differs.
    command -v unzip > /dev/null || path=$PATH:$root/scripts/lib/without-unzip
    # Without the JDK's warnings about Maven's own libraries.
    PATH=$path \
        MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS-}" \
        "$maven_command" -B "$@"
}

# The same for the project.
maven() {
    local color=auto
    [ -t 1 ] || color=never
    run_maven -f "$root/pom.xml" -Dstyle.color="$color" "$@"
}

# Whether file $1 is missing or older than anything in the other arguments (files or folders).
is_stale() {
    local built=$1
    shift
    [ ! -e "$built" ] && return 0
    local sources=() path
    for path in "$@"; do
        [ -e "$path" ] && sources+=("$path")
    done
    [ "${#sources[@]}" -gt 0 ] && [ -n "$(find "${sources[@]}" -newer "$built" -print)" ]
}

# One build at a time: a folder is the lock, and holds its owner's process id.
lock_build() {
    local lock=$root/target/.build-lock owner
    mkdir -p "$root/target"
    until mkdir "$lock" 2> /dev/null; do
        owner=$(cat "$lock/owner" 2> /dev/null || true)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2> /dev/null; then
            rm -rf "$lock"
        else
            sleep 0.2
        fi
    done
    echo "$$" > "$lock/owner"
    trap 'rm -rf "$root/target/.build-lock"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

unlock_build() {
    rm -rf "$root/target/.build-lock"
    trap - EXIT INT TERM
}

# build WHAT FILE SOURCE... -- MAVEN-ARGUMENT...
# Brings FILE up to date with the sources. Maven's output is shown only when it fails.
build() {
    local what=$1 built=$2
    shift 2
    local sources=()
    while [ "$1" != -- ]; do
        sources+=("$1")
        shift
    done
    shift
    if ! is_stale "$built" "${sources[@]}" && [ ! -d "$root/target/.build-lock" ]; then
        return 0
    fi
    lock_build
    # Another process may have built it while this one waited.
    if is_stale "$built" "${sources[@]}"; then
        echo "building $what …" >&2
        local log=$root/target/build.log started=$root/target/.build-started
        touch "$started"
        if ! maven "$@" > "$log" 2>&1; then
            cat "$log" >&2
            echo "error: the build failed (its output is above, and in target/build.log)" >&2
            exit 1
        fi
        # Maven leaves a jar as it is when no class changed; and a source edited during the build
        # must count as newer.
        touch -r "$started" "$built"
    fi
    unlock_build
}
