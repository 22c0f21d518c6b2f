import type { SwitchRecord, SwitchStep } from '../journal/switch-journal.ts';

/** A step as the report has it. */
export interface ReportedStep extends Pick<SwitchStep, 'action' | 'environment' | 'outcome' | 'problem' | 'subject'> {
  /** @default - it was begun and did not end */
  readonly seconds?: number;
}

/** What became of a switch. */
export interface SwitchReport {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
  /** `stuck`: neither done nor put back. `unchanged`: there was nothing to do. */
  readonly outcome: 'done' | 'reverted' | 'stuck' | 'unchanged';
  /** From the command's own begin. */
  readonly seconds: number;
  /** Those of this command. */
  readonly steps: readonly ReportedStep[];
  /** Why it was not done. */
  readonly problem?: string;
}

/** @param skipped - steps that an earlier command took */
export function reportedSteps({ steps }: SwitchRecord, skipped: number): readonly ReportedStep[] {
  return steps.slice(skipped).map(({ begun, ended, ...step }) => ({
    ...step,
    ...(ended !== undefined && { seconds: (Date.parse(ended) - Date.parse(begun)) / 1000 }),
  }));
}
