import { describe, expect, it } from 'vitest';
import type { LocalModel, Table, TableIndex } from '#local/model/model.ts';
import { describeChanges } from '#local/release/release-changes.ts';
import { requireServable } from '#local/release/release-checks.ts';
import { sharedAfter } from '#local/release/shared-parts.ts';
import { INDEXED } from '#tests/tools/local/dynamodb/tables.ts';
import { regionModel } from '#tests/tools/local/gateway/rest/support/model.ts';

const index = (name: string, hashKey: string): TableIndex => ({
  name,
  hashKey,
  projection: { type: 'ALL', attributes: [] },
});
const table = (...globalIndexes: TableIndex[]): Table => ({ ...INDEXED, globalIndexes });

function modelWith(...tables: Table[]): LocalModel {
  const region = regionModel({ tables });
  return {
    stage: 'dev',
    unserved: [],
    dns: { healthChecks: [], records: [] },
    regions: { primary: region, secondary: region },
  };
}

describe('indexes of a table that environments share (B13)', () => {
  const before = modelWith(table(index('by-owner', 'owner')));
  const next = modelWith(table(index('by-state', 'state')));

  it('stay while an environment may run on them, beside those that a release brings', () => {
    const [shared] = sharedAfter(before, next).regions.primary.tables;
    expect(shared?.globalIndexes?.map(({ name }) => name)).toEqual(['by-state', 'by-owner']);
    expect(shared?.attributes).toEqual(INDEXED.attributes);
  });

  it('are what a release adds, and cannot get other keys under one name', () => {
    expect(describeChanges('envB', before, before, next)).toMatchObject([
      { kind: 'table', name: 'indexed/by-state', action: 'add' },
    ]);
    expect(() => requireServable(before, next, undefined)).not.toThrow();
    expect(() => requireServable(before, modelWith(table(index('by-owner', 'state'))), undefined)).toThrow(
      'the table indexed/by-owner of eu-central-1 is found by owner (S), not by state (S), and the key of a table or of an index cannot be changed',
    );
  });
});
