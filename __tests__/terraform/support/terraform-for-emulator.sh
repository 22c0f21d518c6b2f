#!/bin/sh
# Terraform as the tests run it (TERRAFORM_BINARY_NAME): before a stack is initialized, what the emulator (EMULATOR, moto
# unless it says otherwise) can't do is left out of it, and the lines that say so go to the file TRANSFORMATIONS. Where WARM_PROVIDERS names a
# folder with providers that run already (warm-providers.ts), Terraform uses the one of the stack's region, which saves it a start per command.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

if [ "${1:-}" = init ]; then
  node --import "$here/../../../node_modules/tsx/dist/loader.mjs" "$here/transform-here.ts" >>"${TRANSFORMATIONS:-/dev/null}"
fi

case $PWD in
  # It reads packages by paths that are relative to its own working directory.
  *-api-* | *-base-*) provider=none ;;
  # They have a configuration per region, and a provider that runs already takes one: the last.
  *-certificates | *-data | *-observability) provider=none ;;
  *-primary) provider=primary ;;
  *-secondary) provider=secondary ;;
  *) provider=global ;;
esac
if [ -f "${WARM_PROVIDERS:-}/$provider" ]; then
  TF_REATTACH_PROVIDERS=$(cat "$WARM_PROVIDERS/$provider")
  export TF_REATTACH_PROVIDERS
fi
# Less garbage collection for more memory.
export GOGC="${GOGC:-400}"
exec terraform "$@"
