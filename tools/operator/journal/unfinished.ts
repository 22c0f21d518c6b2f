import { columns } from '#operator/cli/columns.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { type SwitchJournal, type SwitchRecord, unfinished } from './switch-journal.ts';

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
export function waysOut({ stage, flags }: RecordedStage, { from, to }: Pick<SwitchRecord, 'from' | 'to'>): string {
  const command = `two-region switch ${stage}${flags}`;
  return columns([
    [`Go on to ${to}:`, `${command} --resume`],
    [`Put back to ${from}:`, `${command} --revert`],
  ]).join('\n');
}

/** Says which switch is unfinished and how to end it. @returns `undefined` where there is none */
export function describeUnfinished(place: RecordedStage, journal: SwitchJournal): string | undefined {
  const open = unfinished(journal);
  if (open === undefined) return undefined;
  const state = open.outcome === 'stuck' ? 'could be neither finished nor put back' : 'is unfinished';
  return `The switch of ${place.stage} from ${open.from} to ${open.to} that ${open.who} began at ${open.begun} ${state}.\n${waysOut(place, open)}`;
}

/** Nothing else may be begun, nor may the environments of a switch be changed, before it has ended. @throws RefusedError */
export function requireFinished(place: RecordedStage, journal: SwitchJournal): void {
  const text = describeUnfinished(place, journal);
  if (text !== undefined) throw new RefusedError(text);
}
