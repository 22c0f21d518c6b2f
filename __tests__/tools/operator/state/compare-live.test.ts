import { describe, expect, it } from 'vitest';
import { StateStorageError } from '#operator/cli/errors.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import type { LiveParts } from '#operator/state/compare-live.ts';
import { describeRecovery } from '#operator/state/describe-move.ts';
import { recoverState } from '#operator/state/recover-state.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { deployedOnce, partsOf } from './live-parts.ts';
import { putState } from './memory-store.ts';
import { twoStores } from './two-stores.ts';

const ENTRY = 'dev/dev-entry-secondary.tfstate';
const live = { target: 'envA', versions: { envA: '3' } };

/** The primary region is lost, and its last copy knows version 3 of every function, one deployment, one key, and the target envA. */
function recover(parts: Promise<LiveParts>, { accept = false, held = deployedOnce('3') } = {}) {
  const stores = twoStores();
  stores.primary.gone = 'region';
  putState(stores.secondary, ENTRY, { has: held });
  const done = recoverState(context, {
    stores,
    liveParts: () => parts,
    claimLockTable: async () => undefined,
    onStep: () => undefined,
    accept,
  });
  return { done, writes: stores.secondary.writes };
}

describe('state recover compares with what is live in the region (B16)', () => {
  it('takes a copy that knows versions, deployments, keys and target', async () => {
    const report = await recover(partsOf(live, ['key-1'])).done;
    expect(report.parts).toMatchObject({ differences: [] });
    // The functions, two deployments, a key, two names.
    expect('compared' in report.parts && report.parts.compared).toBeGreaterThan(6);
    expect(describeRecovery(context, report, colorsFor(process.stdout))).toMatch(
      /\d+ versions, deployments, keys and targets in eu-west-1 are known to it\./,
    );
    expect(JSON.stringify(report)).not.toContain('secret-of-key-1');
  });

  it.each([
    ['a version', { ...live, versions: { envA: '4' } }, ['key-1'], /alias envA of \S+: version 4 is live, .+version 3/],
    ['an environment', { ...live, versions: { envA: '3', envB: '3' } }, [], /deployment of envB \(HTTP\): d is.+none/],
    ['a key', live, ['key-1', 'key-2'], /API key: key-2 is live, the state has none/],
  ] as const)('refuses one that does not know %s, with the age of each, until it is accepted', async (...row) => {
    const [, faked, keys, message] = row;
    const refused = recover(partsOf(faked, keys));
    const failure = await refused.done.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StateStorageError);
    expect(String(failure)).toMatch(message);
    expect(String(failure)).toMatch(/dev-data +written 2026-03-01T12:00:00/);
    expect(String(failure)).toContain('two-region state recover dev --accept');
    expect(refused.writes).toEqual([]);
    const accepted = recover(partsOf(faked, keys), { accept: true });
    expect(describeRecovery(context, await accepted.done, colorsFor(process.stdout))).toMatch(
      new RegExp(`${message.source} \\(unknown to it, accepted\\)`),
    );
    expect(accepted.writes).toContain(`digest ${ENTRY}`);
  });

  it('knows a deployment only where a state has it, not where a gateway stage of a state names it', async () => {
    const held = deployedOnce('3').filter(([type]) => type !== 'aws_api_gateway_deployment');
    await expect(recover(partsOf(live, ['key-1']), { held }).done).rejects.toThrow(
      /does not know.+\n {2}deployment of envA \(REST\): d is live, the state has none\n/,
    );
  });

  it('shows another target, and takes the copy: whoever plans asks for the one that is live', async () => {
    const report = await recover(partsOf({ ...live, target: 'envB' }, ['key-1'])).done;
    expect(describeRecovery(context, report, colorsFor(process.stdout))).toMatch(
      /are others than the state has:\n {2}target of api\.example\.com: envB is live, the state has envA\n/,
    );
  });

  it('refuses where the region does not say what is live, and says why; accepted, it is said in the report', async () => {
    const silent = () => partsOf({ failure: new Error('not authorized to perform lambda:ListAliases') });
    await expect(recover(silent()).done).rejects.toThrow(/could not be compared.+lambda:ListAliases\n.+--accept/);
    const report = await recover(silent(), { accept: true }).done;
    expect(describeRecovery(context, report, colorsFor(process.stdout))).toContain(
      'eu-west-1 was not compared: not auth',
    );
  });

  it('is a flag of the command', async () => {
    expect((await runHere(['state', 'recover', '--help'])).stdout).toContain('--accept');
  });
});
