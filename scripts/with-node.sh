#!/bin/sh
# with-node.sh MAJOR COMMAND…: runs a command under another Node.js, which comes from the npm registry (cached in .cache/).
set -eu
major=$1
shift
machine=$(uname -m)
case "$machine" in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) echo "no Node.js package for $machine" >&2; exit 1 ;; esac
home="$(cd "$(dirname "$0")/.." && pwd)/.cache/node$major"
bin="$home/node_modules/node-linux-$arch/bin"
if [ ! -x "$bin/node" ]; then
  mkdir -p "$home"
  echo '{"private":true}' > "$home/package.json"
  npm install --prefix "$home" --no-audit --no-fund --silent --ignore-scripts "node-linux-$arch@$major"
fi
PATH="$bin:$PATH"
export PATH
echo "Node $(node --version)"
exec "$@"
