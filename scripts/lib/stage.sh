#!/usr/bin/env bash
# Fills target/dist with the files of an installation, for Maven's profile `dist`:
# stage.sh VERSION PLATFORM, where PLATFORM is DJL's name of it, such as linux-x86_64.
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
version=$1
platform=$2
stage=$root/target/dist
# shellcheck source=scripts/lib/jdk.sh
. "$root/scripts/lib/jdk.sh"
use_jdk
jar=$stage/app/jmergekit-$version.jar

# The modules that the program and its libraries use. DistributionTest checks those of the program.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.incubator.vector,jdk.management,jdk.unsupported

rm -rf "$stage"
mkdir -p "$stage/bin" "$stage/app/lib" "$stage/completions" "$stage/man/man1"

"$JAVA_HOME/bin/java" "$root/scripts/lib/PackJars.java" \
    "$root/target/jmergekit.jar" "$stage/app/lib" "$stage/licenses" "$platform"
cp -p "$root/target/jmergekit.jar" "$jar"
cp "$root"/scripts/lib/{jdk.sh,run.sh,computing.options,program.options} "$stage/app/"

# Not compressed: the archive is, and the JVM starts faster.
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --compress zip-0 --output "$stage/runtime" 2> "$root/target/jlink.log" ||
    { cat "$root/target/jlink.log" >&2; exit 1; }
if [[ $platform = linux-* ]] && command -v strip > /dev/null; then
    find "$stage/runtime" -name '*.so' -exec strip --preserve-dates --strip-unneeded {} +
fi

java() {
    "$stage/runtime/bin/java" -Djmergekit.terminal=false "$@"
}
for shell in bash zsh fish; do
    java -jar "$jar" completion "$shell" > "$stage/completions/mergekit.$shell"
done
java -jar "$jar" man --directory "$stage/man/man1" > /dev/null

for script in "$root"/scripts/mergekit "$root"/scripts/mergekit-* "$root/scripts/bakllama"; do
    name=${script##*/}
    case $platform in
        win-*) cp "$root/src/dist/windows/mergekit.cmd" "$stage/bin/$name.cmd" ;;
        *) cp "$root/src/dist/bin/mergekit" "$stage/bin/$name" ;;
    esac
done
