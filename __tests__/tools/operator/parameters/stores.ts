import { readFileSync } from 'node:fs';
import type { ParameterStore } from '#operator/parameters/ssm-store.ts';
import type { StageContext } from '#stacks/context.ts';
import { parseSettings } from '#stacks/settings/index.ts';
import { localParameterValues } from '#stacks/settings/parameter-values.ts';

/** The settings as shipped. */
export const settingsText = readFileSync('settings.conf', 'utf8');

const settings = parseSettings(settingsText, 'settings.conf');

/** The first stage of the settings as shipped. */
export const context: StageContext = { settings, stage: settings.stages[0] ?? '' };

/** Valid values of all parameters. */
export const validValues: ReadonlyMap<string, string> = new Map(
  settings.parameters.map((name) => [name, localParameterValues(settings)[name] ?? '']),
);

export interface MemoryStore extends ParameterStore {
  readonly values: Map<string, string>;
  /** Names in the order of their writes. */
  readonly writes: string[];
  /** Makes every call, or writes only, fail. */
  fail: 'all' | 'nothing' | 'writes';
}

/** A region's parameters in memory. */
export function memoryStore(region: string, values: ReadonlyMap<string, string> = new Map()): MemoryStore {
  const store: MemoryStore = {
    region,
    values: new Map(values),
    writes: [],
    fail: 'nothing',
    readAll: async () => {
      if (store.fail === 'all') throw new Error(`${region} did not answer`);
      return new Map(store.values);
    },
    write: async (name, value) => {
      if (store.fail !== 'nothing') throw new Error(`${region} did not answer`);
      store.writes.push(name);
      store.values.set(name, value);
    },
  };
  return store;
}
