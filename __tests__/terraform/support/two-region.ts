import { fileURLToPath } from 'node:url';
import { type Run, run } from './run.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** The script behind `two-region`. */
export const command = fileURLToPath(new URL('../../../tools/operator/two-region.mjs', import.meta.url));

export interface TwoRegionOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of `settings.conf`. @default - the project */
  readonly directory?: string;
  /** Written to standard input. @default - nothing */
  readonly input?: string;
}

/** Runs our own command as a shell would. */
export function twoRegion(args: readonly string[], options: TwoRegionOptions): Promise<Run> {
  const { environment, directory = root, input } = options;
  return run(process.execPath, [command, ...args], directory, environment, input);
}

/** Runs the project's own cdktf, as its users do. */
export function cdktf(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Run> {
  return run(fileURLToPath(new URL('../../../node_modules/.bin/cdktf', import.meta.url)), args, root, environment);
}
