import { plainRequest } from '#client/plain-request.ts';
import { resultOf } from '#client/result.ts';
import { filledStep, type OperationStep, type StepValues } from '#contract/journeys.ts';
import type { Operation } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';

/** A name that journeys are taken at: a region's own, or the public one. */
export interface Place {
  /** AWS region whose own names they are, or `public`. */
  readonly at: string;
  /** What paths are appended to: `https://eu-central-1.api.example.com`. */
  readonly urls: Readonly<Record<Operation['api'], string>>;
  /** A digit that no other place has, of this region or the other one. */
  readonly digit: string;
}

export interface JourneyPorts {
  /** Sends what an operation asks for as its callers do, once. @throws Error where no response came in time */
  readonly send: (step: OperationStep, request: ReturnType<typeof plainRequest>, place: Place) => Promise<Response>;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface Taken {
  readonly milliseconds: number;
  /** What went wrong, at which step. @default - nothing */
  readonly problem?: string;
}

/** What was written is asked for so often, and so much later: reads of DynamoDB are eventually consistent, and public names may lead to two regions. */
const READS = { most: 3, milliseconds: 1000 };

/** Takes one journey at one name, step by step, until one of them goes wrong. */
export async function takeJourney(steps: readonly OperationStep[], place: Place, ports: JourneyPorts): Promise<Taken> {
  const began = ports.now().getTime();
  const values: StepValues = { place: place.digit, run: began.toString(36) };
  for (const each of steps) {
    const problem = await takeStep(each, place, values, ports);
    if (problem === undefined) continue;
    const { method, path } = each.operation;
    return { milliseconds: ports.now().getTime() - began, problem: `${method} ${path}: ${problem}` };
  }
  return { milliseconds: ports.now().getTime() - began };
}

/** @returns what went wrong */
async function takeStep(
  each: OperationStep,
  place: Place,
  values: StepValues,
  ports: JourneyPorts,
): Promise<string | undefined> {
  const { operation } = each;
  const step = filledStep(each.step, values);
  const { pathParameters, query, headers, body, contains, status } = step;
  const parts = { path: pathParameters, query, headers, body };
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  const request = plainRequest(operation, place.urls[operation.api], given);
  for (let read = 1; ; read++) {
    const found = await responseProblem(operation, { status, contains }, () => ports.send(each, request, place));
    const isReadBack = contains !== undefined && operation.method === 'GET';
    if (found === undefined || !found.isEarly || !isReadBack || read === READS.most) return found?.problem;
    await ports.wait(READS.milliseconds);
  }
}

/** What went wrong. `isEarly`: replication explains it, and nothing else that a client would see as a failure. */
interface StepProblem {
  readonly problem: string;
  readonly isEarly: boolean;
}

async function responseProblem(
  operation: Operation,
  expected: { readonly status: number; readonly contains: string | undefined },
  send: () => Promise<Response>,
): Promise<StepProblem | undefined> {
  try {
    const response = await send();
    const text = await response.clone().text();
    if (response.status !== expected.status) {
      const problem = `responded ${response.status}, expected ${expected.status}: ${text.slice(0, 200)}`;
      return { problem, isEarly: response.status === 404 };
    }
    await resultOf(operation, response);
    if (expected.contains === undefined || text.includes(expected.contains)) return undefined;
    const problem = `the response has not what this run wrote, ${expected.contains}: ${text.slice(0, 200)}`;
    return { problem, isEarly: true };
  } catch (error) {
    return { problem: errorReason(error), isEarly: false };
  }
}
