#!/usr/bin/env bash
# Merges on several machines by GNU parallel: parallel.sh RECIPE OUTPUT PARTS [HOST...]
#
# HOST is what ssh takes, without asking for a password. Without any, the parts run here. The hosts need
# this folder, jmergekit and the models under the same paths. JOBS says how many parts run on a machine at a
# time, 1 if it is not set. After a failure start it again: shards that are there are not made anew.
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
# A host that fails is asked no more than three times in a row; then another one gets the part. The
# messages of a part come line by line, with its number in front.
seq 0 $((parts - 1)) |
    parallel "${hosts[@]}" --jobs "${JOBS:-1}" --workdir "$PWD" --retries 3 --tag --line-buffer \
        --quote env JMERGEKIT_NO_BUILD=1 "$mergekit" part "$plan" "$output" --index {} --of "$parts"
"$mergekit" publish "$plan" "$output"
