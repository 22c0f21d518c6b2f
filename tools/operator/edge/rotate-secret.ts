import { KeysError, RefusedError } from '#operator/cli/errors.ts';
import { fingerprint, generateKey } from '#operator/keys/key-parameter.ts';
import { putParameters } from '#operator/parameters/put.ts';
import type { ParameterStores } from '#operator/parameters/ssm-store.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { applyPlans, planNarrowly } from '#operator/terraform/plan/narrow-change.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import type { StageContext } from '#stacks/context.ts';
import { keyValues } from '#stacks/settings/parameters.ts';

/** What a rotation works with. */
export interface SecretPorts {
  readonly stores: ParameterStores;
  readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  /** Asked before anything changes. @throws RefusedError or CancelledError when it must not */
  readonly confirm: (what: string) => Promise<void>;
  readonly onResult?: (result: StackResult) => void;
  /** @default - by chance */
  readonly generate?: () => string;
}

/** What became of the secret, by fingerprints: the values are nobody's to see. */
export interface SecretChange {
  readonly stage: string;
  readonly outcome: 'finished' | 'rotated';
  readonly current: string;
  /** What the regions take besides. */
  readonly previous: string | null;
  readonly stacks: readonly StackResult[];
}

const PARAMETER = 'edge_secret';
const TYPES = ['aws_wafv2_web_acl', 'aws_cloudfront_distribution'];

/**
 * Makes a new secret of the edge. Both regions take it beside the old one before the edge sends it, and the edge has it everywhere when its apply ends: no
 * request comes with a value that a region does not know.
 *
 * @throws RefusedError while a rotation is under way, without an edge or a secret, or where the regions have different ones
 */
export async function rotateSecret(context: StageContext, ports: SecretPorts): Promise<SecretChange> {
  const [old, previous] = await settledSecret(context, ports.stores);
  if (previous !== undefined) {
    throw new RefusedError(
      `A rotation is under way: the regions take ${fingerprint(previous)} beside ${fingerprint(old)}. End it: two-region edge rotate ${context.stage} --finish`,
    );
  }
  await ports.confirm(`The regions take a new secret of the edge beside ${fingerprint(old)}, then the edge sends it.`);
  const value = (ports.generate ?? generateKey)();
  const stacks = await change(context, ports, `${value},${old}`, ['base', 'edge'], '');
  return { stage: context.stage, outcome: 'rotated', current: fingerprint(value), previous: fingerprint(old), stacks };
}

/** Ends a rotation: the regions no longer take the old secret, which the edge sends no more. @throws RefusedError when none is under way */
export async function finishSecret(context: StageContext, ports: SecretPorts): Promise<SecretChange> {
  const [current, previous] = await settledSecret(context, ports.stores);
  if (previous === undefined)
    throw new RefusedError(`No rotation is under way: ${fingerprint(current)} is the only secret.`);
  await ports.confirm(
    `The regions take the secret ${fingerprint(current)} of the edge alone; ${fingerprint(previous)} ends.`,
  );
  // The edge once more: should its apply have failed in the rotation, it sends the old one still.
  const stacks = await change(context, ports, current, ['edge', 'base'], ' --finish');
  return { stage: context.stage, outcome: 'finished', current: fingerprint(current), previous: null, stacks };
}

async function settledSecret({ settings, stage }: StageContext, stores: ParameterStores) {
  if (settings.edge.state === 'none') throw new RefusedError('EDGE of settings.conf is "none": there is no edge.');
  const [primary, secondary] = await Promise.all(
    [stores.primary, stores.secondary].map(async (store) => (await store.readAll()).get(PARAMETER)),
  );
  if (primary === undefined)
    throw new RefusedError(`There is no secret yet. Set one: two-region params put ${stage} ${PARAMETER}`);
  if (primary !== secondary) {
    throw new RefusedError(
      `The regions have different secrets of the edge. Mirror it first: two-region params sync ${stage}`,
    );
  }
  return keyValues(primary);
}

/** Writes the parameter and applies the stacks that read it, kind after kind, both regions of one at the same time. */
async function change(
  context: StageContext,
  { stores, synthesize, terraform, onResult }: SecretPorts,
  value: string,
  kinds: readonly string[],
  flags: string,
): Promise<readonly StackResult[]> {
  const { stage } = context;
  const stacks = await synthesize();
  const narrow = { stage, types: TYPES, variablesOf: () => ({}) };
  const of = (kind: string) => stacks.filter((stack) => stack.kind === kind);
  // What else is waiting is found before anything changes.
  await planNarrowly(terraform, kinds.flatMap(of), narrow);
  const [written] = await putParameters(context, stores, await stores.primary.readAll(), new Map([[PARAMETER, value]]));
  const again = `When the cause is gone: two-region deploy ${stage} --only ${kinds.join(' ')}, then two-region edge rotate ${stage}${flags || ' --finish'}`;
  if (written?.secondary.outcome === 'failed') {
    throw new KeysError(
      `${PARAMETER} was not mirrored to ${context.settings.secondaryRegion}, and nothing was applied: ${written.secondary.reason}\nWhen the region answers again: two-region params sync ${stage}, and go on with: two-region deploy ${stage} --only ${kinds.join(' ')}`,
    );
  }
  const results: StackResult[] = [];
  for (const kind of kinds) {
    results.push(...(await applyPlans(terraform, await planNarrowly(terraform, of(kind), narrow), onResult)));
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    if (failed.length === 0) continue;
    const lines = failed.map(({ stack, problem = '' }) => `${stack}:\n${problem}`);
    throw new KeysError([...lines, again].join('\n'));
  }
  return results;
}
