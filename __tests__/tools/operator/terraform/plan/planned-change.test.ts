import { describe, expect, it } from 'vitest';
import { countChanges, describePlannedChange, readPlan } from '#operator/terraform/plan/planned-change.ts';

const change = (address: string, actions: string[], before: object | null, after: object | null, unknown = {}) => ({
  address,
  mode: 'managed',
  type: address.split('.')[0],
  change: { actions, before, after, after_unknown: unknown },
});
const read = (...resource_changes: object[]) => readPlan(JSON.stringify({ resource_changes }));

describe('a plan', () => {
  it('tells added, changed, replaced and destroyed resources apart, in whichever order a replacement is made', () => {
    const { changes, isNew } = read(
      change('aws_a.add', ['create'], null, { name: 'x' }),
      change('aws_a.change', ['update'], { name: 'x', tags: {} }, { name: 'y', tags: {} }),
      change('aws_a.first', ['delete', 'create'], { name: 'x' }, { name: 'y' }),
      change('aws_a.after', ['create', 'delete'], { name: 'x' }, { name: 'y' }),
      change('aws_a.destroy', ['delete'], { name: 'x' }, null),
      change('aws_a.kept', ['no-op'], { name: 'x' }, { name: 'x' }),
      { ...change('data.aws_a.read', ['read'], null, {}), mode: 'data' },
    );
    expect(changes.map(({ address, action }) => [address, action])).toEqual([
      ['aws_a.add', 'add'],
      ['aws_a.change', 'change'],
      ['aws_a.first', 'replace'],
      ['aws_a.after', 'replace'],
      ['aws_a.destroy', 'destroy'],
    ]);
    expect(countChanges(changes)).toEqual({ add: 1, change: 1, replace: 2, destroy: 1 });
    expect(isNew).toBe(false);
  });

  it('names the attributes that differ or are known only later, and holds no value', () => {
    const { changes } = read(
      change(
        'aws_a.b',
        ['update'],
        { id: '1', value: 'old secret', same: 1 },
        { value: 'new secret', same: 1 },
        { id: true },
      ),
    );
    expect(changes[0]?.attributes).toEqual(['id', 'value']);
    expect(JSON.stringify(changes)).not.toContain('secret');
  });

  it('knows what an earlier apply left half made', () => {
    const replaced = change('aws_a.b', ['delete', 'create'], { id: '1' }, {});
    const { changes } = read({ ...replaced, action_reason: 'replace_because_tainted' }, replaced);
    expect(changes.map(({ isTainted }) => isTainted)).toEqual([true, undefined]);
  });

  it('knows a stack whose state holds nothing', () => {
    expect(read(change('aws_a.b', ['create'], null, {})).isNew).toBe(true);
    expect(read().isNew).toBe(false);
  });
});

describe('a planned change in words', () => {
  it('names attributes only where there are any', () => {
    const change = { address: 'aws_lambda_alias.user', type: 'aws_lambda_alias' };
    expect([
      describePlannedChange({ ...change, action: 'add', attributes: [] }),
      describePlannedChange({ ...change, action: 'change', attributes: ['description', 'function_version'] }),
    ]).toEqual(['add aws_lambda_alias.user', 'change aws_lambda_alias.user (description, function_version)']);
  });
});
