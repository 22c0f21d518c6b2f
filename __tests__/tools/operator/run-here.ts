import { vi } from 'vitest';
import { run } from '#operator/program.ts';

/** Runs a command line in this process and catches what it prints. */
export async function runHere(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const catchOf = (stream: 'stderr' | 'stdout', end: string) => (text: unknown) => {
    written[stream] += `${text}${end}`;
    return true;
  };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(catchOf('stdout', '\n')),
    vi.spyOn(console, 'error').mockImplementation(catchOf('stderr', '\n')),
    vi.spyOn(process.stdout, 'write').mockImplementation(catchOf('stdout', '')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catchOf('stderr', '')),
  ];
  const code = await run(args).finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return { code, ...written };
}
