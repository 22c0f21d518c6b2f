import { describe, expect, it } from 'vitest';
import type { LiveEnvironment, LiveFunction } from '#operator/live/live-region.ts';
import { missingPins, versionsThatStay } from '#operator/return/missing-release.ts';

const code = (version: string, codeSha256: string, isPinned = false): LiveFunction => ({
  version,
  codeSha256,
  isPinned,
  modified: new Date(0),
});

const envB = (functions: LiveEnvironment['functions']): { readonly environments: readonly LiveEnvironment[] } => ({
  environments: [{ name: 'envB', stages: {}, functions, hash: '', time: new Date(0) }],
});

const regions = {
  here: envB({
    test: code('1', 'same'),
    user: code('2', 'old', true),
    events: code('7', 'own', true),
    more: code('4', 'x'),
  }),
  there: envB({
    test: code('5', 'same', true),
    user: code('9', 'new'),
    events: code('8', 'own', true),
    more: code('3', 'x'),
  }),
};

describe('what a region lacks of a release that was made without it (B16)', () => {
  it('leaves functions that run the same code already at their versions, and lets all others take their newest', async () => {
    const kept = await versionsThatStay('primary', regions)(['envB', 'preview', 'envC']);
    expect(kept).toEqual({
      envB: { primary: { versions: { test: '1', events: '7', more: '4' }, pinned: { events: '7' } } },
      envC: { primary: { versions: {}, pinned: {} } },
    });
  });

  it('is a pin where the same code is pinned in the other region alone', () => {
    expect(missingPins(regions, 'envB')).toEqual({ test: '1' });
    expect(missingPins(regions, 'envA')).toEqual({});
  });
});
