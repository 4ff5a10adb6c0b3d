#!/usr/bin/env bash
# Deploys a stage: `./deploy.sh prod`, with all options of `artshop deploy --help`.
set -euo pipefail
cd "$(dirname "$0")"
make --silent setup
exec .venv/bin/artshop deploy "$@"
