#!/bin/sh
# npm run workflows [-- FILE …]: checks .github/workflows, the workflow for users in deploy/github and further files with actionlint, which Go fetches and builds. Needs Go 1.18 or later.
set -eu
cd "$(dirname "$0")/.."
version=v1.7.7
command -v go > /dev/null || {
  echo 'Checking workflows needs Go 1.18 or later (Debian: apt-get install golang-go).' >&2
  exit 1
}
tool="$PWD/.cache/actionlint-$version"
# The module proxy fails now and then.
for pause in 5 15 0; do
  [ -x "$tool/actionlint" ] && break
  GOBIN="$tool" go install "github.com/rhysd/actionlint/cmd/actionlint@$version" || sleep $pause
done
"$tool/actionlint" -no-color
"$tool/actionlint" -no-color deploy/github/*.yml "$@"
echo 'workflows: no finding'
