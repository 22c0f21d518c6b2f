import { setTimeout as wait } from 'node:timers/promises';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { createSender, type Sender } from '#client/attempts.ts';
import { operations } from '#contract/index.ts';
import { journeysOf, PUBLIC } from '#contract/journeys.ts';
import { askHost } from '#functions/adapters/ask-host.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { ssmParameterStore } from '#functions/adapters/ssm-parameter-store.ts';
import { writeMetrics } from '#functions/metric-line.ts';
import { type Place, takeJourney } from './take-journey.ts';

const placesSchema = z.array(
  z.object({ at: z.string(), urls: z.object({ rest: z.string(), http: z.string() }), digit: z.string() }),
);

/** Variables of the function, set by its stack; the last two by the local runtime alone. */
const variables = z.object({
  /** JSON list of the names that journeys are taken at. */
  PLACES: z.string(),
  /** Path in Parameter Store of the API key. @default - no journey needs one */
  API_KEY_PARAMETER: z.optional(z.string()),
  METRIC_NAMESPACE: z.string(),
  HOST_ENDPOINTS: z.optional(z.string()),
  TIME_SCALE: z.optional(z.string()),
});

/** Milliseconds that an operation may take, one for all: what takes longer has failed for a client. */
const ATTEMPT_MILLISECONDS = 5000;

const credentialsSchema = z.object({
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.string(),
});

function compose() {
  const { PLACES, API_KEY_PARAMETER, METRIC_NAMESPACE, HOST_ENDPOINTS, TIME_SCALE } = variables.parse(process.env);
  const places: readonly Place[] = placesSchema.parse(JSON.parse(PLACES));
  const regions = places.flatMap(({ at }) => (at === PUBLIC ? [] : [at]));
  const parameters = ssmParameterStore(
    new SSMClient(clientSettings({ maxAttempts: 2, connectMs: 1000, attemptMs: 2000 })),
  );
  const own = credentialsSchema.parse(process.env);
  const fetchAt: typeof fetch = async (input, init) => {
    const { method = 'GET', headers, body } = init ?? {};
    if (body !== undefined && body !== null && typeof body !== 'string') throw new Error('Journeys send JSON.');
    const response = await askHost(String(input), {
      timeoutMs: ATTEMPT_MILLISECONDS,
      endpoints: HOST_ENDPOINTS,
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' && { body }),
    });
    return new Response(response.body === '' ? null : response.body, {
      status: response.status,
      headers: response.headers,
    });
  };
  // Of a rotation the second key, which opens the gateway all along.
  const readKey = async () =>
    API_KEY_PARAMETER === undefined ? undefined : (await parameters.read(API_KEY_PARAMETER)).split(',').at(-1);
  // Kept: each learns for which region its name wants signatures.
  const senders = new Map<string, Sender>();
  const senderOf = (journey: string, { at }: Place, apiKey: string | undefined): Sender => {
    const name = [journey, at, apiKey].join(' ');
    const kept = senders.get(name);
    if (kept !== undefined) return kept;
    const made = createSender({
      fetch: fetchAt,
      attemptMilliseconds: ATTEMPT_MILLISECONDS,
      ...(apiKey !== undefined && { apiKey }),
      credentials: {
        accessKeyId: own.AWS_ACCESS_KEY_ID,
        secretAccessKey: own.AWS_SECRET_ACCESS_KEY,
        sessionToken: own.AWS_SESSION_TOKEN,
      },
    });
    senders.set(name, made);
    return made;
  };
  return { places, regions, readKey, senderOf, namespace: METRIC_NAMESPACE, timeScale: Number(TIME_SCALE ?? 1) };
}

let composed: ReturnType<typeof compose> | undefined;

/** Takes all journeys at all names at once, and writes a line for each that is log and metrics, and one for the run. */
export async function handler(): Promise<void> {
  composed ??= compose();
  const { places, regions, readKey, senderOf, namespace, timeScale } = composed;
  const key = await readKey().catch((error: unknown) => {
    console.log(JSON.stringify({ outcome: 'no API key', problem: String(error) }));
    return undefined;
  });
  const take = async (journey: string, steps: Parameters<typeof takeJourney>[0], place: Place) => {
    const send = senderOf(journey, place, key);
    const taken = await takeJourney(steps, place, {
      // Sent once: what a client would hide by another attempt is what is looked for. Public names lead to either region, and a signature is for one.
      send: ({ operation: { auth, method } }, request, { at, urls }) =>
        send({ auth, method, isRepeatable: false }, () => request, {
          publicUrl: urls.rest,
          regions: at === PUBLIC ? regions : [at],
          regionalUrl: () => urls.rest,
        }),
      now: () => new Date(),
      wait: (milliseconds) => wait(milliseconds / timeScale),
    });
    writeMetrics({
      namespace,
      at: new Date(),
      dimensions: { Journey: journey, At: place.at },
      metrics: {
        JourneyFailed: { value: taken.problem === undefined ? 0 : 1 },
        JourneyDuration: { value: taken.milliseconds, unit: 'Milliseconds' },
      },
      fields: taken.problem === undefined ? {} : { problem: taken.problem },
    });
  };
  const all = [...journeysOf(operations)].flatMap(([journey, steps]) =>
    places.map((place) => take(journey, steps, place)),
  );
  await Promise.all(all);
  writeMetrics({ namespace, at: new Date(), metrics: { JourneysTaken: { value: all.length, unit: 'Count' } } });
}
