import type { SwitchJournal, SwitchRecord } from '#operator/journal/switch-journal.ts';

/** A journal that holds these switches. */
export function recorded(...switches: readonly SwitchRecord[]): { readonly read: () => Promise<SwitchJournal> } {
  return { read: async () => ({ version: 1, switches }) };
}

/** A switch from envA to envB whose command was killed. */
export const killedSwitch: SwitchRecord = {
  id: '1',
  kind: 'switch',
  from: 'envA',
  to: 'envB',
  hashes: {},
  who: 'ada@desk',
  begun: '2026-01-02T03:04:05.000Z',
  outcome: 'begun',
  steps: [],
};

/** A switch whose secondary region is on envB and is watched. */
export const staggeredSwitch: SwitchRecord = {
  ...killedSwitch,
  staggerSeconds: 900,
  steps: [
    {
      action: 'watch',
      subject: 'secondary',
      environment: 'envB',
      begun: '2026-01-02T03:05:00.000Z',
      until: '2026-01-02T03:20:00.000Z',
      outcome: 'begun',
    },
  ],
};
