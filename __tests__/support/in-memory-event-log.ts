import type { Event } from '#contract/event.ts';
import type { EventLog, EventPage, PageRequest } from '#functions/ports/event-log.ts';

/** A log in memory, and what is in it; it pages as DynamoDB does: a full page has an end even when nothing follows. */
export function inMemoryEventLog(): EventLog & { readonly events: ReadonlyMap<string, Event> } {
  const events = new Map<string, Event>();
  const keys = new Map<string, string>();
  const placeOf = ({ date, time }: Pick<Event, 'date' | 'time'>) => `${date} ${time}`;
  const page = (among: (event: Event) => boolean, { limit, after }: PageRequest): EventPage => {
    const sorted = [...events.values()].filter(among).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const read = sorted.filter((event) => after === undefined || placeOf(event) > placeOf(after)).slice(0, limit);
    const last = read.at(-1);
    return { events: read, ...(read.length === limit && last && { end: { date: last.date, time: last.time } }) };
  };
  return {
    events,
    put: async (event, key) => {
      const place = placeOf(event);
      if (key !== undefined && events.has(place) && keys.get(place) !== key) return false;
      events.set(place, event);
      if (key !== undefined) keys.set(place, key);
      return true;
    },
    ofDate: async (date, request) => page((event) => event.date === date, request),
    all: async (request) => page(() => true, request),
  };
}
