#!/usr/bin/env bash
# Merges on several machines with GNU parallel: parallel.sh RECIPE OUTPUT PARTS [HOST...]
#
# HOST is a host name for ssh, which must not ask for a password. Without hosts, the parts run on this
# machine. The hosts need this folder, jmergekit and the models under the same paths. JOBS sets how many parts
# run on a machine at a time (default: 1). After a failure, start it again: finished shards are kept.
set -euo pipefail

if [ $# -lt 3 ]; then
    echo "usage: $0 RECIPE OUTPUT PARTS [HOST...]" >&2
    exit 2
fi
output=$2
parts=$3
plan=$output.plan.json
mergekit=${MERGEKIT:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/mergekit}
hosts=()
for host in "${@:4}"; do
    hosts+=(--sshlogin "$host")
done

"$mergekit" plan "$1" -o "$plan" --parts "$parts"
# Each part is tried up to three times, on another host if one failed. The messages of a part are printed
# line by line, prefixed with its number.
seq 0 $((parts - 1)) |
    parallel "${hosts[@]}" --jobs "${JOBS:-1}" --workdir "$PWD" --retries 3 --tag --line-buffer \
        --quote env JMERGEKIT_NO_BUILD=1 "$mergekit" part "$plan" "$output" --index {} --of "$parts"
"$mergekit" publish "$plan" "$output"
