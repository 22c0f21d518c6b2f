import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ pid` and `- pid`, and kills those that are left once nobody can write any more: the runtime has ended, however that came. A signal of
 * the terminal reaches the whole group, so it takes none but the end of its input for an end.
 */
const SCRIPT = `trap '' INT TERM HUP
pids=
while read -r change pid; do
  rest=
  for each in $pids; do [ "$each" = "$pid" ] || rest="$rest $each"; done
  pids=$rest
  [ "$change" = - ] || pids="$pids $pid"
done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null`;

let reaper: ChildProcess | undefined;

/**
 * Sees to it that a process does not outlive this one, not even one that never yields and so does not notice that its channel has closed.
 * Where there is no `sh`, only those end that notice.
 *
 * @returns to be called when it has ended: its number may become another process's
 */
export function endWithRuntime(pid: number): () => void {
  reaper ??= startReaper();
  const { stdin } = reaper;
  stdin?.write(`+ ${pid}\n`);
  return () => stdin?.write(`- ${pid}\n`);
}

function startReaper(): ChildProcess {
  const child = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true });
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.once('exit', () => {
    if (reaper === child) reaper = undefined;
  });
  // It waits for the runtime, not the runtime for it.
  child.unref();
  const { stdin } = child;
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return child;
}
