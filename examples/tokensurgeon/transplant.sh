#!/usr/bin/env bash
# Gives the model `base` the tokenizer of `chatml`, which has two more tokens. Run it from the root of the repository.
set -euo pipefail
scripts/mergekit-tokensurgeon examples/models/base examples/models/chatml transplanted -k 16
