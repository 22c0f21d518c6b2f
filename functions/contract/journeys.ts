import type { JourneyStep, Operation } from './operation.ts';

/** What the place of public names is called, where regions are called by their names. */
export const PUBLIC = 'public';

/** A step with the operation that it calls. */
export interface OperationStep {
  readonly operation: Operation;
  readonly step: JourneyStep;
}

/** What stands in the place of `{place}` and `{run}` wherever a step has them. */
export interface StepValues {
  /** A digit, another one for each region that asks and each name that it asks at: two of them never write one item. */
  readonly place: string;
  /** Another text in each run: what is read is what this run has written. Letters and digits. */
  readonly run: string;
}

/** The journeys that operations are marked for, each in the order of its steps. */
export function journeysOf(operations: readonly Operation[]): ReadonlyMap<string, readonly OperationStep[]> {
  const journeys = new Map<string, OperationStep[]>();
  for (const operation of operations) {
    for (const step of operation.journeys ?? []) {
      journeys.set(step.journey, [...(journeys.get(step.journey) ?? []), { operation, step }]);
    }
  }
  for (const steps of journeys.values()) steps.sort((a, b) => (a.step.step ?? 1) - (b.step.step ?? 1));
  return journeys;
}

/** A step as a run sends it. */
export function filledStep(step: JourneyStep, values: StepValues): JourneyStep {
  const { pathParameters, query, headers, body, contains } = step;
  const texts = (of: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, filled(value, values)]));
  return {
    ...step,
    ...(pathParameters && { pathParameters: texts(pathParameters) }),
    ...(query && { query: texts(query) }),
    ...(headers && { headers: texts(headers) }),
    ...(body !== undefined && { body: filledBody(body, values) }),
    ...(contains !== undefined && { contains: filled(contains, values) }),
  };
}

function filled(text: string, { place, run }: StepValues): string {
  return text.replaceAll('{place}', place).replaceAll('{run}', run);
}

function filledBody(value: unknown, values: StepValues): unknown {
  if (typeof value === 'string') return filled(value, values);
  if (Array.isArray(value)) return value.map((each) => filledBody(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledBody(each, values)]));
}
