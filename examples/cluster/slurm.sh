#!/usr/bin/env bash
#SBATCH --job-name=merge
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --requeue
# Merges on the nodes of a Slurm cluster: slurm.sh RECIPE OUTPUT PARTS [OPTIONS OF mergekit plan]
#
# Plans on this machine, then submits an array job of PARTS tasks that make the shards, and a job that
# publishes the output when all of them have succeeded. Start it in the folder that the recipe's paths are
# relative to; all nodes must have it. After a failure, start it again: finished shards are kept.
# The lines above set the resources of each task; SBATCH_PARTITION, SBATCH_ACCOUNT and so on work too.
set -euo pipefail

# The jobs run a copy of this script that Slurm makes, so it cannot derive MERGEKIT from its own path.
case ${1-} in
    part)
        exec "$MERGEKIT" part "$2" "$3" --index "$SLURM_ARRAY_TASK_ID" --of "$4" \
            -j "${SLURM_CPUS_PER_TASK:-1}"
        ;;
    publish)
        exec "$MERGEKIT" publish "$2" "$3"
        ;;
esac
if [ $# -lt 3 ]; then
    echo "usage: $0 RECIPE OUTPUT PARTS [OPTIONS OF mergekit plan]" >&2
    exit 2
fi
output=$2
parts=$3
plan=$output.plan.json
export MERGEKIT=${MERGEKIT:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/mergekit}

"$MERGEKIT" plan "$1" -o "$plan" --parts "$parts" "${@:4}"
# The nodes use the build that made the plan.
export JMERGEKIT_NO_BUILD=1
array=$(sbatch --parsable --array="0-$((parts - 1))" "$0" part "$plan" "$output" "$parts")
last=$(sbatch --parsable --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes \
    --cpus-per-task=1 --mem=2G "$0" publish "$plan" "$output")
echo "parts: job ${array%%;*}, publish: job ${last%%;*}"
