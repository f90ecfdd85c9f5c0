# Sourced by lib/launch.sh and by the programs of an archive: runs jmergekit's jar. `java` is on
# PATH. Needs $launch (this folder), $jar, $cache (the start-up cache) and $examples.

# Recipes in the examples that are run for the start-up cache.
readonly rehearsed=(linear slerp task_arithmetic ties dare_ties passthrough)

# The start-up cache (the JVM's AOT cache, since JDK 24): the classes that some runs loaded and
# linked. jmergekit works without it, but starts later.
write_cache() {
    local recipe runs=(--help , --version , methods , methods ties)
    # Installed by another user.
    [ -w "${cache%/*}" ] || return 0
    rm -f "$cache"
    scratch=$(mktemp -d "$cache.XXXXXX") || return 0
    trap 'rm -rf "$scratch"' EXIT
    # Otherwise Ctrl-C ends the JVM only, and the command goes on.
    trap 'exit 130' INT
    trap 'exit 143' TERM
    for recipe in "${rehearsed[@]}"; do
        runs+=(, yaml "examples/$recipe.yml" "$scratch/$recipe")
    done
    # The recipes' paths are relative to the folder above the examples. Started with -cp instead of
    # -jar, the program cannot load the vector module, with which the JVM refuses to write a cache.
    # Without training data: profiles of such short runs make the JVM compile too much.
    # Without plugins: one that cannot be loaded would end these runs.
    (unset JMERGEKIT_PLUGINS && cd "${examples%/*}" && java -Xlog:disable -XX:+UseSerialGC \
        -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput="$scratch/cache" \
        -cp "$jar" jmergekit.cli.Rehearsal "${runs[@]}") > /dev/null 2>&1 < /dev/null || true
    # An empty file records a failed attempt.
    [ -e "$scratch/cache" ] || : > "$scratch/cache"
    mv -f "$scratch/cache" "$cache"
    rm -rf "$scratch"
    trap - EXIT INT TERM
}

# The JVM decodes file names by the locale. In C, the locale of containers and of cron, it can open
# none that is not ASCII.
use_utf8() {
    local charset
    if command -v locale > /dev/null; then
        # Not what the variables say: a locale that is not installed is C.
        charset=$(locale charmap 2> /dev/null || true)
    else
        charset=${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}
    fi
    case $charset in
        ANSI_X3.4-1968 | US-ASCII | 646 | C | POSIX) export LC_ALL=C.UTF-8 ;;
    esac
}

# Whether the arguments name a cluster.
wants_cluster() {
    local argument
    [ "${1-}" = spark ] && return 0
    for argument in "$@"; do
        case $argument in
            --cluster | --cluster=*) return 0 ;;
        esac
    done
    return 1
}

# Becomes the program.
run_program() {
    local cores
    cores=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
    # The heap fills up to its limit, and a merge must take no more than 512 MiB on up to 16 cores.
    local options=("-Xmx$((384 + (cores > 16 ? 16 * (cores - 16) : 0)))m")
    # Progress and messages go to standard error, help to standard output.
    [ -t 2 ] && options+=(-Djmergekit.terminal=true) || options+=(-Djmergekit.terminal=false)
    [ -t 1 ] && options+=(-Djmergekit.terminal.output=true) || options+=(-Djmergekit.terminal.output=false)
    if [ -n "${SPARK_HOME-}" ] && wants_cluster "$@"; then
        # Spark's libraries next to ours. Spark needs half a gigabyte; its executors compile as we do.
        local computing
        computing=$(grep -v '^#' "$launch/computing.options" | tr '\n' ' ')
        export SPARK_SCALA_VERSION=${SPARK_SCALA_VERSION-2.13}
        # shellcheck disable=SC2086
        exec java "${options[@]}" @"$launch/computing.options" -XX:+UseSerialGC -Xmn96m -Xmx1g \
            --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
            --add-exports java.base/jdk.internal.module=ALL-UNNAMED \
            "-Djmergekit.executor.options=${computing% }" \
            -Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider -Dslf4j.internal.verbosity=WARN \
            ${JAVA_OPTS-} ${JMERGEKIT_OPTS-} -cp "$jar:$SPARK_HOME/jars/*" jmergekit.cli.Main "$@"
    fi
    if [ -s "$cache" ] && [ "$cache" -nt "$jar" ]; then
        # The JVM ignores a cache that does not fit, such as one of another JDK.
        options+=(-XX:AOTMode=auto "-XX:AOTCache=$cache" '-Xlog:cds*=off,aot*=off')
    fi
    # Unquoted, to be split into words.
    # shellcheck disable=SC2086
    exec java "${options[@]}" @"$launch/computing.options" @"$launch/program.options" \
        ${JAVA_OPTS-} ${JMERGEKIT_OPTS-} -jar "$jar" "$@"
}
