# Sourced by scripts/mergekit*; needs $root (the project's folder). `launch` builds jmergekit if it
# has to, and becomes it.

launch=$root/scripts/lib
# shellcheck source=scripts/lib/jdk.sh
. "$launch/jdk.sh"
# shellcheck source=scripts/lib/build.sh
. "$launch/build.sh"
# shellcheck source=scripts/lib/run.sh
. "$launch/run.sh"

# The start-up cache takes no classes as old as picocli's. Files behind a link are not ours to change.
renew_libraries() {
    [ -L "$root/target/lib" ] || [ ! -w "$root/target" ] ||
        java "$launch/RenewClasses.java" "$root"/target/lib/picocli-*.jar > /dev/null 2>&1 < /dev/null || true
}

launch() {
    jar=$root/target/jmergekit.jar
    cache=$root/target/jmergekit.aot
    examples=$root/examples
    use_jdk
    use_utf8
    if [ "${JMERGEKIT_NO_BUILD-}" != 1 ] && [ -f "$root/pom.xml" ]; then
        build "jmergekit (first use, or its sources changed)" "$jar" \
            "$root/src/main" "$root/pom.xml" -- -Dquick -Dmaven.test.skip=true package
        if [ ! -e "$cache" ] || [ "$jar" -nt "$cache" ]; then
            renew_libraries
            write_cache
        fi
    fi
    if [ ! -f "$jar" ]; then
        echo "error: $jar is missing; build it with: ./mvnw -Dquick package" >&2
        exit 2
    fi
    run_program "$@"
}
