import type { JsonCall, JsonInput } from '../aws-endpoint/json-protocol.ts';
import type { ParameterStore } from './parameter-store.ts';

/** What the operations work on. */
export interface SsmContext {
  readonly region: string;
  readonly store: ParameterStore;
}

export type SsmOperation = (context: SsmContext, input: JsonInput) => JsonCall;
