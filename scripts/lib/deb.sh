#!/usr/bin/env bash
# Makes Debian packages of a release's archives, for Maven's profile `dist`: deb.sh VERSION PLATFORM
# Without dpkg-deb it does nothing.
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
version=$1
platform=$2
target=$root/target

case $platform in
    linux-x64) architecture=amd64 ;;
    linux-arm64) architecture=arm64 ;;
    *) exit 0 ;;
esac
command -v dpkg-deb > /dev/null || exit 0
# Before the release that it leads to.
debian_version=${version/-SNAPSHOT/~snapshot}

# begin NAME ARCHIVE FIELD...: the tree in target/deb/NAME, with the archive's files.
begin() {
    tree=$target/deb/$1
    rm -rf "$tree"
    mkdir -p "$tree/DEBIAN" "$tree/usr/lib/jmergekit" "$tree/usr/share/doc/$1"
    tar -xzf "$target/jmergekit-$version-$platform-$2.tar.gz" --strip-components=1 -C "$tree/usr/lib/jmergekit"
    local field
    {
        echo "Package: $1"
        echo "Version: $debian_version"
        echo "Architecture: $architecture"
        echo "Section: science"
        echo "Priority: optional"
        echo "Maintainer: the jmergekit authors <noreply@github.com>"
        echo "Homepage: https://github.com/jmergekit/jmergekit"
        for field in "${@:3}"; do
            echo "$field"
        done
    } > "$tree/DEBIAN/control"
}

# script NAME: standard input as a script that dpkg runs.
script() {
    {
        echo '#!/bin/sh'
        echo 'set -e'
        cat
    } > "$tree/DEBIAN/$1"
    chmod 755 "$tree/DEBIAN/$1"
}

# Users cannot write the start-up cache into this folder.
write_postinst() {
    script postinst << 'END'
umask 022
[ "$1" != configure ] || /usr/bin/mergekit --version > /dev/null || true
END
}

# Files made here are as old as those of the archive: two builds give the same package.
finish() {
    local jars=("$tree"/usr/lib/jmergekit/app/lib/*.jar)
    SOURCE_DATE_EPOCH=$(stat -c %Y "${jars[0]}")
    export SOURCE_DATE_EPOCH
    echo "Installed-Size: $(du -sk --apparent-size "$tree/usr" | cut -f 1)" >> "$tree/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip --build "$tree" \
        "$target/$1_${debian_version}_$architecture.deb" > /dev/null
}

begin jmergekit core \
    "Depends: bash, libc6 (>= 2.17)" \
    "Recommends: jmergekit-pytorch" \
    "Description: merges the weights of large language models" \
    " Runs the YAML recipes of mergekit, with the commands of the same names, and has its own Java" \
    " runtime."
mkdir -p "$tree/usr/bin" "$tree/usr/share/man" "$tree/usr/share/bash-completion/completions" \
    "$tree/usr/share/zsh/vendor-completions" "$tree/usr/share/fish/vendor_completions.d"
home=$tree/usr/lib/jmergekit
mv "$home/man/man1" "$tree/usr/share/man/"
gzip -9n "$tree"/usr/share/man/man1/*
mv "$home/completions/mergekit.bash" "$tree/usr/share/bash-completion/completions/mergekit"
mv "$home/completions/mergekit.zsh" "$tree/usr/share/zsh/vendor-completions/_mergekit"
mv "$home/completions/mergekit.fish" "$tree/usr/share/fish/vendor_completions.d/mergekit.fish"
rmdir "$home/man" "$home/completions"
cp "$home/NOTICE" "$tree/usr/share/doc/jmergekit/copyright"
for program in "$home"/bin/*; do
    name=${program##*/}
    ln -s "../lib/jmergekit/bin/$name" "$tree/usr/bin/$name"
    # bash and fish look for a file with the name of the program that is typed.
    [ "$name" = mergekit ] && continue
    ln -s mergekit "$tree/usr/share/bash-completion/completions/$name"
    ln -s mergekit.fish "$tree/usr/share/fish/vendor_completions.d/$name.fish"
done
write_postinst
# With what an interrupted run has left.
script prerm << 'END'
rm -rf /usr/lib/jmergekit/app/*.aot*
END
finish jmergekit

begin jmergekit-pytorch pytorch \
    "Depends: jmergekit (= $debian_version), libc6 (>= 2.29), libstdc++6 (>= 9)" \
    "Description: PyTorch for jmergekit" \
    " What mergekit-extract-lora, gates from prompts in mergekit-moe and the built-in evaluator of" \
    " mergekit-evolve need."
mv "$tree/usr/lib/jmergekit/licenses/pytorch.txt" "$tree/usr/share/doc/jmergekit-pytorch/copyright"
rmdir "$tree/usr/lib/jmergekit/licenses"
write_postinst
# The cache of the installation with PyTorch does not fit the one without it.
script postrm << 'END'
if [ "$1" = remove ] && [ -x /usr/bin/mergekit ]; then
    umask 022
    /usr/bin/mergekit --version > /dev/null || true
fi
END
finish jmergekit-pytorch
rm -rf "$target/deb"
