import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Synthesis } from '#local/runtime/load-model.ts';
import type { LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';

/** How a release differs from what the runtime was started with. */
export interface Change {
  /** What the health check says in the place of `shallow`, whatever its route is called. */
  readonly says?: string;
  /** Rewrites the Terraform JSON of a stack. */
  readonly terraform?: (json: string) => string;
}

/** Synthesizes a change of what the runtime was started with: the same stacks in another folder. */
export function changedSynthesis(started: Synthesis, { says, terraform }: Change): LocalDeployPorts['synthesize'] {
  return async ({ outdir }) => {
    await cp(started.outdir, outdir, { recursive: true });
    const moved = (file: string) => file.replace(started.outdir, outdir);
    for (const { file } of terraform ? started.stacks : []) {
      await writeFile(moved(file), terraform?.(await readFile(file, 'utf8')) ?? '');
    }
    for (const region of says === undefined ? [] : ['primary', 'secondary']) {
      const assets = join(outdir, 'stacks', `dev-api-${region}`, 'assets');
      const files = await readdir(assets, { recursive: true });
      const bundle = files.find((file) => file.startsWith('healthcheck_') && file.endsWith('index.js'));
      const path = join(assets, bundle ?? 'no bundle');
      const text = `${await readFile(path, 'utf8')}
        const { handler } = module.exports;
        const say = async (event, ...more) => JSON.stringify(await handler({ ...event, resource: '/healthcheck' }, ...more));
        module.exports = { handler: async (...given) => JSON.parse((await say(...given)).replaceAll('shallow', '${says}')) };`;
      await rm(path);
      await writeFile(path, text);
    }
    return { ...started, outdir, stacks: started.stacks.map(({ name, file }) => ({ name, file: moved(file) })) };
  };
}
