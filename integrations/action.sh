#!/usr/bin/env bash
# What the GitHub action runs: installs tactful unless it is there, checks, and tells what was found. Inputs come in the environment, so that
# nothing in them is ever taken for a part of this script.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if ! command -v tactful >/dev/null 2>&1; then
  target=${RUNNER_TEMP:-$(mktemp -d)}/tactful
  # cargo's own messages are long: a fold of the log holds them.
  echo "::group::Installing tactful"
  cargo install --quiet --locked --path "$here/cli" --root "$target"
  echo "::endgroup::"
  PATH=$target/bin:$PATH
  [ -z "${GITHUB_PATH:-}" ] || echo "$target/bin" >>"$GITHUB_PATH"
fi

args=(check --format "${INPUT_FORMAT:-github}")
[ -z "${INPUT_CONFIG:-}" ] || args+=(--config "$INPUT_CONFIG")
[ -z "${INPUT_FAIL_ON:-}" ] || args+=(--fail-on "$INPUT_FAIL_ON")
[ -z "${INPUT_MIN_SCORE:-}" ] || args+=(--min-score "$INPUT_MIN_SCORE")
[ -z "${INPUT_SINCE:-}" ] || args+=(--since "$INPUT_SINCE")
[ -z "${INPUT_SARIF_FILE:-}" ] || args+=(--output "sarif=$INPUT_SARIF_FILE")
[ -z "${INPUT_HTML_FILE:-}" ] || args+=(--output "html=$INPUT_HTML_FILE")
counted=$(mktemp)
args+=(--output "jsonl=$counted" --)
while IFS= read -r path; do
  path=${path%$'\r'}
  [ -z "$path" ] || args+=("$path")
done <<<"${INPUT_PATHS:-.}"

status=0
tactful "${args[@]}" || status=$?

if [ -n "${GITHUB_OUTPUT:-}" ] && [ -s "$counted" ]; then
  # The last line is the summary. jq is on GitHub's runners; where it is not, the outputs stay empty.
  tail -n 1 "$counted" | jq -r '"findings=\(.findings | .error + .warning + .hint)", "score=\(.score // "")"' >>"$GITHUB_OUTPUT" || true
fi
rm -f "$counted"
exit "$status"
