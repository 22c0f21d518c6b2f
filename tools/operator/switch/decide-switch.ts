import { RefusedError } from '#operator/cli/errors.ts';
import { lastDone, type SwitchJournal } from '#operator/journal/switch-journal.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import { idleEnvironment } from '#operator/live/target.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import type { NewSwitch, SwitchPlace, SwitchRequest } from './switch-ports.ts';

/** Where live traffic is to go. */
export interface SwitchDecision {
  readonly kind: 'rollback' | 'switch';
  readonly from: string;
  readonly to: string;
}

type Place = Pick<SwitchPlace, 'environments' | 'flags' | 'ports' | 'stage'>;

/**
 * Decides where a switch or a rollback goes. Nothing is changed.
 *
 * @returns the same environment twice where there is nothing to do
 * @throws RefusedError, TargetDisagreementError
 */
export async function decideSwitch(place: Place, journal: SwitchJournal, request: NewSwitch): Promise<SwitchDecision> {
  const { stage, flags, environments } = place;
  requireFinished(place, journal);
  const from = await place.ports.target();
  if (from === undefined) {
    throw new RefusedError(
      `The public names of ${stage} lead nowhere yet. Deploy first: two-region deploy ${stage}${flags}`,
    );
  }
  if (request.kind === 'rollback') return { kind: 'rollback', from, to: await previous(place, journal, from, request) };
  return { kind: 'switch', from, to: request.environment ?? idleEnvironment(environments, from) };
}

async function previous(
  { stage, flags, ports }: Place,
  journal: SwitchJournal,
  live: string,
  { allowRedeployed = false }: { readonly allowRedeployed?: boolean },
): Promise<string> {
  const last = lastDone(journal);
  const byName = `By name: two-region switch ${stage} ENVIRONMENT${flags}`;
  if (last === undefined) {
    throw new RefusedError(`The journal of ${stage} knows no switch, so there is no previous environment. ${byName}`);
  }
  if (last.to !== live) {
    throw new RefusedError(
      `The last switch that the journal of ${stage} knows went to ${last.to}, but ${live} is live: something else moved it. ${byName}`,
    );
  }
  const before = last.hashes.from;
  const now = await ports.contentHash(last.from);
  if (before === undefined || now === undefined || before === now || allowRedeployed) return last.from;
  throw new RefusedError(
    `${last.from} was deployed again since it was live: it held ${before} until ${last.ended ?? last.begun} and holds ${now} now. ` +
      `If that is the content that you want: two-region rollback ${stage}${flags} --allow-redeployed`,
  );
}

/** A wrong name needs no account to be told. @throws RefusedError */
export function requireKnown({ environments }: Pick<SwitchPlace, 'environments'>, request: SwitchRequest): void {
  const environment = request.kind === 'switch' ? request.environment : undefined;
  if (environment === undefined || environments.includes(environment)) return;
  throw new RefusedError(
    `There is no environment ${JSON.stringify(environment)} that the public names may lead to, allowed are ` +
      `${environments.join(', ')}.${didYouMean(environment, environments)}`,
  );
}
