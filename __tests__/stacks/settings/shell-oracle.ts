import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a shell is installed. */
export function hasShell(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

// One letter per variable (Error of the file, Unset, Text, List), then its values; everything ends with NUL.
const bashScript = `
PATH=/nowhere
for ((file = 0; file < $1; file++)); do (
  source "./$file" || printf 'E\\0'
  for name in "\${@:2}"; do
    declare -n values=$name
    if ! declare -p "$name" > /dev/null 2>&1; then printf 'U\\0'
    elif [[ ! -v $name ]]; then printf 'L\\0%s\\0' 0
    elif [[ \${values@a} == *a* ]]; then printf 'L\\0%s\\0' "\${#values[@]}"; printf '%s\\0' "\${values[@]}"
    else printf 'T\\0%s\\0' "$values"; fi
  done
  printf ';\\0'
); done`;

const shScript = `
PATH=/nowhere; count=$1; shift; file=0
while [ "$file" -lt "$count" ]; do (
  . "./$file" || printf 'E\\0'
  for name in "$@"; do eval "printf 'T\\\\0%s\\\\0' \\"\\$$name\\""; done
  printf ';\\0'
); file=$((file + 1)); done`;

export type ShellValue = string | readonly string[];

/**
 * Sources each text in a shell of its own, without a PATH and in an empty folder, and reads the named variables.
 *
 * @returns per text: name → value, without the unset ones; `undefined` when the shell reported an error
 */
export function sourceInShell(
  shell: 'bash' | 'sh',
  texts: readonly string[],
  names: readonly string[],
): readonly (ReadonlyMap<string, ShellValue> | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'settings-oracle-'));
  try {
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, String(index)), text);
    const script = shell === 'bash' ? bashScript : shScript;
    const { stdout } = spawnSync(shell, ['-c', script, shell, String(texts.length), ...names], {
      cwd: folder,
      env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const fields = stdout.split('\0').values();
    const next = () => fields.next().value ?? '';
    return texts.map(() => readVariables(next, names));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readVariables(next: () => string, names: readonly string[]): ReadonlyMap<string, ShellValue> | undefined {
  const values = new Map<string, ShellValue>();
  let failed = false;
  const rest = names.values();
  for (let letter = next(); letter !== ';'; letter = next()) {
    if (letter === 'E') {
      failed = true;
      continue;
    }
    const name = rest.next().value ?? '';
    if (letter === 'T') values.set(name, next());
    else if (letter === 'L') values.set(name, Array.from({ length: Number(next()) }, next));
    else if (letter !== 'U') throw new Error(`The oracle's answer is not readable at ${JSON.stringify(letter)}`);
  }
  return failed ? undefined : values;
}
