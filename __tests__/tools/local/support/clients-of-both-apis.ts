import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';
import { createSender } from '#client/attempts.ts';
import { plainRequest, type RequestParts } from '#client/plain-request.ts';
import { getUser } from '#contract/get-user.ts';
import { listEvents } from '#contract/list-events.ts';
import type { Operation } from '#contract/operation.ts';
import { postEvent } from '#contract/post-event.ts';
import { postUser } from '#contract/post-user.ts';
import { summarize } from '#local/control/summary.ts';
import type { Place } from '#operator/call/call-target.ts';
import { targetIn } from '#operator/call/local-target.ts';
import type { RunningStage } from './running-stage.ts';

const REGIONS = ['primary', 'secondary'] as const;
const DATE = '2026-11-29';

interface Page {
  readonly Items: readonly { readonly time: string }[];
  readonly Next?: string;
}

/** An open client of the REST API and a signed one of the HTTP API, which write through the public names until they are told to end. */
export function clientsOfBothApis({ controls }: RunningStage) {
  const acknowledged = { users: new Set<string>(), events: new Set<string>() };
  let ended = false;
  const send = async (operation: Operation, parts: RequestParts, place: Place = {}): Promise<Response> => {
    const { baseUrl, regions, ...access } = targetIn(summarize(controls.regions()), operation, place);
    const places = { publicUrl: baseUrl, ...regions };
    return createSender(access)(operation, (url) => plainRequest(operation, url, parts), places);
  };
  const writer = async (operation: Operation, kept: Set<string>, next: (count: number) => [string, RequestParts]) => {
    for (let count = 0; !ended; count++) {
      const [id, parts] = next(count);
      const status = await send(operation, parts).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) kept.add(id);
      await sleep(50);
    }
  };
  const timeOf = (count: number) => new Date(count).toISOString().slice(11, 23);
  const load = Promise.all([
    writer(postUser, acknowledged.users, (count) => {
      const id = `Loss${String(count).padStart(5, '0')}`;
      return [id, { path: { id }, body: { name: id } }];
    }),
    writer(postEvent, acknowledged.events, (count) => {
      const time = timeOf(count);
      return [time, { body: { date: DATE, time, userId: 'Loss', eventType: 'write' } }];
    }),
  ]);
  return {
    /** Waits until each of them has got so many more writes acknowledged. */
    write: async (count: number, options: { readonly timeout: number }) => {
      const [users, events] = [acknowledged.users.size, acknowledged.events.size];
      const isDone = () => acknowledged.users.size >= users + count && acknowledged.events.size >= events + count;
      await vi.waitUntil(isDone, options);
    },
    /** Ends them and reads all that was acknowledged, in both regions. @returns what one of those does not have */
    end: async () => {
      ended = true;
      await load;
      const lost: string[] = [];
      const last = [...acknowledged.users].at(-1) ?? '';
      for (const region of REGIONS) {
        const at = { env: 'envA', region };
        const statusOf = async (id: string) => (await send(getUser, { path: { id } }, at)).status;
        // What was written a moment ago is on its way.
        await vi.waitUntil(async () => (await statusOf(last)) === 200, { timeout: 10_000 });
        for (const id of acknowledged.users) if ((await statusOf(id)) !== 200) lost.push(`user ${id} in ${region}`);
        const times = new Set<string>();
        let next: string | undefined;
        do {
          const page = await send(listEvents, { query: { date: DATE, limit: '1000', next } }, at);
          const { Items, Next }: Page = JSON.parse(await page.text());
          for (const { time } of Items) times.add(time);
          next = Next;
        } while (next !== undefined);
        for (const time of acknowledged.events) if (!times.has(time)) lost.push(`event ${time} in ${region}`);
      }
      return { acknowledged: { users: acknowledged.users.size, events: acknowledged.events.size }, lost };
    },
  };
}
