import type { RuntimeControls } from '#local/control/controls.ts';
import type { MetricsMessage, TableMessage } from './messages.ts';

/** Of each table in each region; whoever wants all of them exports them. */
const MOST_ITEMS = 50;
/** As far back as most alarms look. */
const MINUTES = 5;

/** The tables with their first items. Parameters, which hold keys, and objects are no part of it. */
export function tablesOf({ data }: Pick<RuntimeControls, 'data'>): readonly TableMessage[] {
  const { primary = {}, secondary = {} } = data.contents();
  const names = new Set([...Object.keys(primary.tables ?? {}), ...Object.keys(secondary.tables ?? {})]);
  const inRegion = (items: NonNullable<(typeof primary)['tables']>[string] = []) => ({
    all: items.length,
    items: items.slice(0, MOST_ITEMS).map(plain),
  });
  return [...names].map((name) => ({
    name,
    primary: inRegion(primary.tables?.[name]),
    secondary: inRegion(secondary.tables?.[name]),
  }));
}

/** `{ id: { S: 'a' } }` as `{ id: 'a' }`. */
function plain(item: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, Object.values(value)[0]]));
}

export function metricsOf({ alarms, metrics }: Pick<RuntimeControls, 'alarms' | 'metrics'>): MetricsMessage {
  return { minutes: MINUTES, metrics: metrics(MINUTES), alarms: alarms().alarms };
}
