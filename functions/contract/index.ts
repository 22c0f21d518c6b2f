import { healthcheck } from './healthcheck.ts';
import type { Operation } from './operation.ts';
import { test } from './test.ts';

/** Every operation of the API: the one list that an operation is added to. */
export const operations: readonly Operation[] = [healthcheck, test];
