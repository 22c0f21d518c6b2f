import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { settingsText } from './settings-text.ts';

const tests = new URL('../..', import.meta.url).pathname;

/** A settings file whose owner has changed everything that a team changes first. */
const ownSettings = fc
  .record({
    name: fc.stringMatching(/^o[a-z]{2,6}(-[a-z0-9]{1,5})?$/),
    regions: fc.shuffledSubarray(['us-east-2', 'us-west-2', 'ap-southeast-2', 'sa-east-1'], {
      minLength: 2,
      maxLength: 2,
    }),
    stages: fc.shuffledSubarray(['test', 'live', 'load1'], { minLength: 1 }),
    environments: fc.shuffledSubarray(['blue', 'green', 'red_2'], { minLength: 2 }),
    retention: fc.constantFrom(7, 90, 400),
    limit: fc.integer({ min: 1, max: 5000 }),
  })
  .map(({ name, regions, stages, environments, retention, limit }) => ({
    stage: stages[0],
    regions,
    text: settingsText({
      APP_NAME: `"${name}"`,
      PRIMARY_REGION: `"${regions[0]}"`,
      SECONDARY_REGION: `"${regions[1]}"`,
      STAGES: `( ${stages.join(' ')} )`,
      API_ENVIRONMENTS: `( ${environments.join(' ')} )`,
      STATE_BUCKET_PREFIX: `"${name}-state"`,
      LOCK_TABLE_PREFIX: `"${name}-locks"`,
      LOG_RETENTION_DAYS: String(retention),
      THROTTLE_RATE_LIMIT: String(limit),
    }),
  }));

describe("S0.1 one's own settings.conf", () => {
  it('makes stacks that keep nothing of the names, regions and environments that came with the kit', {
    timeout: 600_000,
  }, async () => {
    const property = fc.asyncProperty(ownSettings, async ({ stage, regions, text }) => {
      const directory = mkdtempSync(join(tmpdir(), 'own-settings-'));
      try {
        writeFileSync(join(directory, 'settings.conf'), text);
        const { stacks } = await synthesizeStage({ directory, stage, outdir: 'out' });
        const json = stacks.map(({ file }) => readFileSync(file, 'utf8')).join('\n');
        expect(json.match(/two-region-api|eu-central-1|eu-west-1|\benv[AB]\b/g) ?? []).toEqual([]);
        for (const region of regions) expect(json).toContain(region);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
    await fc.assert(property, { seed: 17, numRuns: 3, endOnFailure: true });
  });

  it('is read by the test of itself alone: editing it fails no other', () => {
    const readers = readdirSync(tests, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('terraform/'))
      .filter((file) => /\.\.\/settings\.conf/.test(readFileSync(join(tests, file), 'utf8')));
    expect(readers).toEqual(['stacks/settings/load-settings.test.ts']);
  });
});
