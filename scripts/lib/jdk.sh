# Sourced by the scripts. `use_jdk` finds a JDK of version 25 or newer, and exports JAVA_HOME and
# PATH so that this JDK is the one used.

readonly required_java=25

# What a suitable installation has besides `java`.
java_tool=javac

# The major version of the JDK in folder $1 into $java_major; empty if there is no JDK.
read_java_major() {
    java_major=
    [ -x "$1/bin/java" ] && [ -x "$1/bin/$java_tool" ] || return 0
    local line version=
    if [ -r "$1/release" ]; then
        while IFS= read -r line || [ -n "$line" ]; do
            case $line in
                JAVA_VERSION=*)
                    version=${line#JAVA_VERSION=}
                    version=${version//\"/}
                    version=${version%$'\r'}
                    ;;
            esac
        done < "$1/release"
    fi
    if [ -z "$version" ]; then
        # openjdk version "25.0.1" 2025-10-21
        version=$("$1/bin/java" -version 2>&1) || return 0
        version=${version#*\"}
    fi
    version=${version#1.}
    java_major=${version%%[!0-9]*}
}

is_suitable_jdk() {
    read_java_major "$1"
    [ -n "$java_major" ] && [ "$java_major" -ge "$required_java" ]
}

# The home of the `java` on PATH, symbolic links followed.
jdk_on_path() {
    local java link
    java=$(command -v java) || return 0
    while [ -L "$java" ]; do
        link=$(readlink "$java")
        case $link in
            /*) java=$link ;;
            *) java=$(dirname "$java")/$link ;;
        esac
    done
    (cd -P "$(dirname "$java")/.." && pwd)
}

use_jdk() {
    local home candidate
    for candidate in \
        "${JAVA_HOME-}" \
        /usr/lib/jvm/* \
        /usr/java/* \
        /opt/* \
        /opt/java/* \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME-}"/.sdkman/candidates/java/* \
        "${HOME-}"/.jdks/* \
        "${HOME-}"/.local/share/mise/installs/java/* \
        "${HOME-}"/.asdf/installs/java/* \
        "${HOME-}"/.local/jdk* \
        "${HOME-}"/.local/lib/jvm/* \
        "${HOME-}"/.local/opt/*; do
        if [ -n "$candidate" ] && is_suitable_jdk "$candidate"; then
            home=$candidate
            break
        fi
    done
    if [ -z "${home-}" ]; then
        candidate=$(jdk_on_path)
        if [ -n "$candidate" ] && is_suitable_jdk "$candidate"; then
            home=$candidate
        else
            echo "error: no JDK $required_java or newer found (looked at JAVA_HOME, the usual folders and PATH);" \
                "install one, for example Temurin $required_java from https://adoptium.net," \
                "'sdk install java $required_java-tem', or your system's package (openjdk-$required_java-jdk)," \
                "or set JAVA_HOME. No JDK is needed with jmergekit-VERSION-linux-x64.tar.gz from the project's" \
                "releases page, which contains its own Java runtime" >&2
            exit 2
        fi
    fi
    export JAVA_HOME=$home
    export PATH=$JAVA_HOME/bin:$PATH
}

# The same for a Java runtime, which need not have a compiler.
use_java() {
    java_tool=java
    use_jdk
}
