import type { RegionType } from '#stacks/context.ts';
import type { JournalStore, SwitchJournal } from './switch-journal.ts';

/** The journal in each region's bucket. S3 copies it from the primary to the secondary, never the other way. */
export type Journals = Readonly<Record<RegionType, JournalStore>>;

/** Takes the journal that was written in the secondary region back to the primary, unless the primary's is newer. */
export async function returnJournal({ primary, secondary }: Journals): Promise<void> {
  const [here, there] = await Promise.all([primary.read(), secondary.read()]);
  if (lastTime(there) > lastTime(here)) await primary.write(there);
}

/** When a journal was written last. ISO 8601, which sorts as text; empty before the first switch. */
function lastTime({ switches }: SwitchJournal): string {
  const times = switches.flatMap(({ begun, ended, steps }) =>
    [{ begun, ended }, ...steps].flatMap((each) => [each.begun, each.ended ?? '']),
  );
  return times.sort().at(-1) ?? '';
}
