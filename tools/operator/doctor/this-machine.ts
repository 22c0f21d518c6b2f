import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { connectControl, NoRuntimeError } from '#local/control/client.ts';
import { summarize } from '#local/control/summary.ts';
import { runTerraform } from '#operator/terraform/terraform-process.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { readProviderLock } from '#stacks/terraform/provider-lock.ts';
import type { Machine, Manifest } from './machine-checks.ts';

const manifestSchema = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
});
const versionSchema = z.object({ version: z.string() });

/** This process, the project's folder that it works in, and what is installed. */
export function thisMachine(): Machine {
  const folder = projectFolder();
  return {
    nodeVersion: process.version,
    manifest: () => readManifest(folder),
    installed: async (name) => {
      const file = join(folder, 'node_modules', name, 'package.json');
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : versionSchema.safeParse(JSON.parse(text)).data?.version;
    },
    terraform: async () => {
      const lines: string[] = [];
      const environment = { ...process.env, CHECKPOINT_DISABLE: '1' };
      await runTerraform(['version', '-json'], { folder, environment, onLine: (line) => lines.push(line) });
      return lines.join('\n');
    },
    locks: async () => {
      const synthesized = join(folder, 'cdktf.out/stacks');
      const stacks = await readdir(synthesized).catch((): string[] => []);
      const held = await Promise.all(stacks.map((stack) => readProviderLock(join(synthesized, stack))));
      return { project: await readProviderLock(folder), stacks: held.filter((text) => text !== undefined) };
    },
    settings: async () => loadSettings(join(folder, 'settings.conf')).stages,
    runtime: async () => {
      try {
        const { stage, entry } = summarize(await (await connectControl(folder)).regions());
        return { stage, entry };
      } catch (error) {
        if (error instanceof NoRuntimeError) return undefined;
        throw error;
      }
    },
  };
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch((cause: unknown) => {
    throw new Error("no package.json here\nRun it in the project's folder.", { cause });
  });
  return manifestSchema.parse(JSON.parse(text));
}
