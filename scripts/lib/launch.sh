# Sourced by scripts/mergekit*; needs $root (the project's folder). `launch` builds jmergekit if it
# has to, and becomes it.

# shellcheck source=scripts/lib/jdk.sh
. "$root/scripts/lib/jdk.sh"
# shellcheck source=scripts/lib/build.sh
. "$root/scripts/lib/build.sh"

# Recipes in examples/ that are run for the archive.
readonly rehearsed=(linear slerp task_arithmetic ties dare_ties passthrough)

# An archive of some runs (the AOT cache, of JDK 24 and later): in the next ones classes are there,
# linked. Without it jmergekit runs as well, only later.
write_archive() {
    local recipe runs=(--help , --version , methods , methods ties)
    # Installed for others to use.
    [ -w "$root/target" ] || return 0
    rm -f "$archive"
    scratch=$(mktemp -d "$root/target/archive.XXXXXX") || return 0
    trap 'rm -rf "$scratch"' EXIT
    # Otherwise Ctrl-C ends the JVM alone, and the command that was not wanted begins.
    trap 'exit 130' INT
    trap 'exit 143' TERM
    for recipe in "${rehearsed[@]}"; do
        runs+=(, yaml "$root/examples/$recipe.yml" "$scratch/$recipe")
    done
    # No archive takes picocli's classes as they are. What a link leads to is not ours to change.
    [ -L "$root/target/lib" ] || java "$root/scripts/lib/RenewClasses.java" "$root"/target/lib/picocli-*.jar \
        > /dev/null 2>&1 < /dev/null || true
    # From the project folder, which the recipes' paths are relative to. Started like this, and not
    # with -jar, the program cannot load the vector module, for whose sake an archive is refused.
    # Without profiles: those of runs so short have the JVM compile what it need not.
    (cd "$root" && java -Xlog:disable -XX:+UseSerialGC \
        -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput="$scratch/archive" \
        -cp "$jar" jmergekit.cli.Rehearsal "${runs[@]}") > /dev/null 2>&1 < /dev/null || true
    # An empty one says that it was tried in vain.
    [ -e "$scratch/archive" ] || : > "$scratch/archive"
    mv -f "$scratch/archive" "$archive"
    rm -rf "$scratch"
    trap - EXIT INT TERM
}

# The JVM reads names of files as the locale says. In C, the locale of containers and of cron, it
# can open none that is not ASCII.
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

# Whether the arguments ask for a cluster.
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

launch() {
    jar=$root/target/jmergekit.jar
    archive=$root/target/jmergekit.aot
    use_jdk
    use_utf8
    if [ "${JMERGEKIT_NO_BUILD-}" != 1 ] && [ -f "$root/pom.xml" ]; then
        build "jmergekit (first use, or its sources changed)" "$jar" \
            "$root/src/main" "$root/pom.xml" -- -Dquick -Dmaven.test.skip=true package
        if [ ! -e "$archive" ] || [ "$jar" -nt "$archive" ]; then
            write_archive
        fi
    fi
    if [ ! -f "$jar" ]; then
        echo "error: $jar is missing; build it with: ./mvnw -Dquick package" >&2
        exit 2
    fi
    # A merge is over before the JVM would have compiled its vector code, which is slow until then:
    # compile that code at its first use, and wait for it. And compile each operation by itself: as
    # part of a large caller it can exceed what the compiler is willing to inline, and then its
    # vectors become objects. (That happens as well when the code is compiled still sooner: at 0.005 a third
    # of all merges by slerp take three times as long.) The first line keeps the JVM from printing the
    # others.
    local cores
    cores=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
    local compiling=(
        -XX:CompileCommand=quiet
        '-XX:CompileCommand=BackgroundCompilation,jmergekit.tile.Vector*::*,false'
        '-XX:CompileCommand=CompileThresholdScaling,jmergekit.tile.Vector*::*,0.02'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorBf16::*'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::countEqual'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::magnitudesInside'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::keep*'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::markNonzero'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::elect'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::divide'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorTileOps::replaceAtLeast'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorContribution::*ontribut*'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorContribution::mean*'
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorExponential::*exp*'
        # As part of their callers these make slerp take 7 % more processor time.
        '-XX:CompileCommand=dontinline,jmergekit.tile.VectorLaneSums::*'
        # Connections to a store that are kept for the next request; 16 transfers are under way at once.
        -Dhttp.maxConnections=32
    )
    local planning=(
        # What runs a few thousand times while a recipe is planned is not worth compiling twice.
        '-XX:CompileCommand=CompileThresholdScaling,java.*::*,5.0'
        '-XX:CompileCommand=CompileThresholdScaling,sun.*::*,5.0'
        '-XX:CompileCommand=CompileThresholdScaling,tools.*::*,5.0'
        '-XX:CompileCommand=CompileThresholdScaling,picocli.*::*,5.0'
    )
    local options=(
        # What is no longer used fills all of it, and a merge shall take no more than 512 MiB on up to
        # 16 cores.
        "-Xmx$((384 + (cores > 16 ? 16 * (cores - 16) : 0)))m"
        -XX:+UseSerialGC
        # By default it is a share of the memory there is: in a small container so little that garbage
        # moves to the old generation, which then grows to the limit.
        -Xmn96m
    )
    # Progress and messages go to standard error, help to standard output.
    [ -t 2 ] && options+=(-Djmergekit.terminal=true) || options+=(-Djmergekit.terminal=false)
    [ -t 1 ] && options+=(-Djmergekit.terminal.output=true) || options+=(-Djmergekit.terminal.output=false)
    if [ -n "${SPARK_HOME-}" ] && wants_cluster "$@"; then
        # Spark's libraries beside ours. It wants half a gigabyte, and executors that compile as we do.
        export SPARK_SCALA_VERSION=${SPARK_SCALA_VERSION-2.13}
        # shellcheck disable=SC2086
        exec java "${options[@]}" "${compiling[@]}" -Xmx1g --enable-native-access=ALL-UNNAMED \
            --sun-misc-unsafe-memory-access=allow \
            --add-exports java.base/jdk.internal.module=ALL-UNNAMED \
            "-Djmergekit.executor.options=${compiling[*]}" \
            -Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider -Dslf4j.internal.verbosity=WARN \
            ${JAVA_OPTS-} ${JMERGEKIT_OPTS-} -cp "$jar:$SPARK_HOME/jars/*" jmergekit.cli.Main "$@"
    fi
    if [ -s "$archive" ] && [ "$archive" -nt "$jar" ]; then
        # An archive that no longer fits (another JDK, say) is left alone, in silence.
        options+=(-XX:AOTMode=auto "-XX:AOTCache=$archive" '-Xlog:cds*=off,aot*=off')
    fi
    # Unquoted, to be split into words.
    # shellcheck disable=SC2086
    exec java "${options[@]}" "${compiling[@]}" "${planning[@]}" ${JAVA_OPTS-} ${JMERGEKIT_OPTS-} -jar "$jar" "$@"
}
