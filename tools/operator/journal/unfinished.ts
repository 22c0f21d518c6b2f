import { columns } from '#operator/cli/columns.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { otherRegion } from '#stacks/context.ts';
import {
  type Canary,
  canaryOf,
  type Stagger,
  type SwitchJournal,
  type SwitchRecord,
  staggerOf,
  unfinished,
} from './switch-journal.ts';

/** A stage whose switches a journal tells of. */
interface RecordedStage {
  readonly stage: string;
  /** What stands behind the stage's name to repeat a command there: ` --local`, or nothing. */
  readonly flags: string;
}

/** The switch that a command left unfinished. @throws RefusedError where there is none */
export function unfinishedSwitch({ stage }: Pick<RecordedStage, 'stage'>, journal: SwitchJournal): SwitchRecord {
  const open = unfinished(journal);
  if (open === undefined)
    throw new RefusedError(`No switch of ${stage} is unfinished: there is nothing to go on with.`);
  return open;
}

/** How to end a switch that is neither here nor there. */
export function waysOut({ stage, flags }: RecordedStage, record: SwitchRecord): string {
  const command = `two-region switch ${stage}${flags}`;
  const goOn =
    staggerOf(record) !== undefined
      ? `Both regions to ${record.to} now:`
      : canaryOf(record) !== undefined
        ? `All traffic to ${record.to} now:`
        : `Go on to ${record.to}:`;
  return columns([
    [goOn, `${command} --resume`],
    [`Put back to ${record.from}:`, `${command} --revert`],
  ]).join('\n');
}

/** Which region is where while a switch is staggered, and until when. */
export function describeStagger({ regionType, from, to, until }: Stagger): string {
  return `staggered until ${until.replace(/\.\d+Z$/, 'Z')}: ${to} in the ${regionType} region, ${from} in the ${otherRegion(regionType)} region`;
}

/** Which versions a share of the traffic runs during a canary, and until when. */
function describeCanary({ percent, from, to, until }: Canary): string {
  return `in a canary until ${until.replace(/\.\d+Z$/, 'Z')}: ${percent} % of what ${from} is asked runs the versions of ${to}, in both regions`;
}

/**
 * Says which switch is unfinished and how to end it.
 *
 * @param isStaggered - whether the regions lead where the journal's stagger has them. @default - as the journal says
 * @returns `undefined` where there is none
 */
export function describeUnfinished(
  place: RecordedStage,
  journal: SwitchJournal,
  isStaggered = true,
): string | undefined {
  const open = unfinished(journal);
  if (open === undefined) return undefined;
  const stagger = isStaggered ? staggerOf(open) : undefined;
  const begun = `that ${open.who} began at ${open.begun}`;
  if (stagger !== undefined) {
    return `${place.stage} is ${describeStagger(stagger)}, by the ${open.kind} ${begun}.\n${waysOut(place, open)}`;
  }
  const canary = canaryOf(open);
  if (canary !== undefined) {
    return `${place.stage} is ${describeCanary(canary)}, by the ${open.kind} ${begun}.\n${waysOut(place, open)}`;
  }
  const state = open.outcome === 'stuck' ? 'could be neither finished nor put back' : 'is unfinished';
  return `The switch of ${place.stage} from ${open.from} to ${open.to} ${begun} ${state}.\n${waysOut(place, open)}`;
}

/** Nothing else may be begun, nor may the environments of a switch be changed, before it has ended. @throws RefusedError */
export function requireFinished(place: RecordedStage, journal: SwitchJournal): void {
  const text = describeUnfinished(place, journal);
  if (text !== undefined) throw new RefusedError(text);
}
