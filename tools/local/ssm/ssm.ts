import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { type JsonCall, type JsonInput, startJsonService } from '#local/aws-endpoint/json-protocol.ts';
import type { RegionContents } from '#local/data/contents.ts';
import { type Kept, NOTHING_KEPT } from '#local/data/data-folder.ts';
import type { Filling } from '#local/data/filling.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { fillParameters, keepingParameters, keptParameters, parametersOf } from './contents.ts';
import type { SsmContext, SsmOperation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { type ParameterChange, type ParameterSeed, ParameterStore, type ParameterType } from './parameter-store.ts';

interface SsmOptions {
  /** For example `eu-central-1`. */
  readonly region: string;
  /** What there is from the start. */
  readonly parameters: readonly ParameterSeed[];
  readonly authorize: Authorize;
  /** @default - nothing outlives the runtime */
  readonly kept?: Kept;
  /** @default - any free one */
  readonly port?: number;
  /** Hears of faults of the runtime itself. */
  readonly log?: RuntimeLog;
}

/** One region's Parameter Store. */
export interface SsmService extends HttpService {
  /** The newest value, decrypted. */
  get(name: string): string | undefined;
  /**
   * Creates a parameter or adds a version to it.
   *
   * @param type - the parameter's own by default, `String` for a new one
   */
  put(name: string, value: string, type?: ParameterType): void;
  /**
   * Hears of every parameter that is put or deleted, by a client or in the process.
   *
   * @returns a function that ends the subscription
   */
  onChange(listener: (change: ParameterChange) => void): () => void;
  contents(): NonNullable<RegionContents['parameters']>;
  fill(parameters: NonNullable<RegionContents['parameters']>): Filling;
  /** @param parameters - what there is from then on */
  reset(parameters: readonly ParameterSeed[]): void;
}

/** Bytes; the largest value is 8 KB. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/** Starts one region's Parameter Store, in memory. */
export async function startSsm({ region, parameters, authorize, log, ...options }: SsmOptions): Promise<SsmService> {
  const { kept = NOTHING_KEPT, port } = options;
  const store = new ParameterStore(parameters, keptParameters(kept, region), keepingParameters(kept, region));
  const context: SsmContext = { region, store };
  const service = await startJsonService({
    service: 'ssm',
    region,
    targetPrefix: 'AmazonSSM',
    jsonVersion: '1.1',
    errorNamespace: 'com.amazonaws.ssm',
    maxBodyBytes: MAX_REQUEST_BYTES,
    operations: new Map([...OPERATIONS].map(([name, operation]) => [name, within(context, operation)])),
    authorize,
    ...(port !== undefined && { port }),
    ...(log && { log }),
  });
  return {
    ...service,
    get: (name) => store.value(name),
    put: (name, value, type) => {
      const isNew = store.value(name) === undefined;
      const chosen = type ?? (isNew ? 'String' : undefined);
      store.put({ name, value, overwrite: true, ...(chosen && { type: chosen }) });
    },
    onChange: (listener) => store.onChange(listener),
    contents: () => parametersOf(store),
    fill: (given) => fillParameters(context, given),
    reset: (seeds) => {
      for (const { name } of store.all()) store.delete(name);
      store.seed(seeds);
    },
  };
}

const within =
  (context: SsmContext, operation: SsmOperation) =>
  (input: JsonInput): JsonCall =>
    operation(context, input);
