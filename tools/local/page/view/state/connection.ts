import type {
  CallOutcome,
  CommandOutcome,
  MetricsMessage,
  OfferedOperation,
  PageMessage,
  TableMessage,
  TraceMessage,
} from '#local/page/messages.ts';
import { keepToken } from './token.ts';

const token = keepToken();

/** Hears of every message until the runtime ends. Comes back by itself when it does, in a moment after it is there again. */
export async function follow(onMessage: (message: PageMessage) => void, onEnd: (why: string) => void): Promise<never> {
  for (;;) {
    try {
      const response = await ask('GET', 'feed');
      if (response.body) await readEvents(response.body, (data) => onMessage(JSON.parse(data)));
      onEnd('The runtime has ended.');
    } catch (error) {
      onEnd(error instanceof Refusal ? error.message : 'The runtime has ended.');
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Does something to the runtime. @throws Error with its reason */
export async function control(path: string, body?: unknown): Promise<void> {
  await ask('POST', path, body);
}

/** Runs a command of the command line. @returns `undefined` of one that takes minutes, and has just begun */
export async function command(name: string): Promise<CommandOutcome | undefined> {
  const response = await ask('POST', `commands/${name}`);
  return response.status === 202 ? undefined : response.json();
}

/** Stops a command that takes minutes. @returns once it has mended what it had broken */
export async function stopCommand(name: string): Promise<void> {
  await ask('DELETE', `commands/${name}`);
}

/** What the tables hold. */
export async function tables(): Promise<readonly TableMessage[]> {
  return (await ask('GET', 'tables')).json();
}

export async function metrics(): Promise<MetricsMessage> {
  return (await ask('GET', 'metrics')).json();
}

/** What the explorer offers. */
export async function operations(): Promise<readonly OfferedOperation[]> {
  return (await ask('GET', 'operations')).json();
}

/** Calls an operation. @throws Error that says why it could not be sent */
export async function callOperation(asked: object): Promise<CallOutcome> {
  return (await ask('POST', 'calls', asked)).json();
}

/** The way of one request, and what has been logged of it. */
export async function traceOf(requestId: string): Promise<TraceMessage> {
  return (await ask('GET', `trace?requestId=${encodeURIComponent(requestId)}`)).json();
}

class Refusal extends Error {}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const { message } = await response.json();
  throw new Refusal(String(message));
}

/** Server-sent events, each of one line of data. `EventSource` sends no token. */
async function readEvents(stream: ReadableStream<Uint8Array>, onData: (data: string) => void): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) onData(event.replace(/^data: /, ''));
  }
}
