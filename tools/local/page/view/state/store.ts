import { useEffect, useState } from 'preact/hooks';
import type { RuntimeStatus } from '#local/control/protocol.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { RegionType } from '#local/model/model.ts';
import type { LongCommand, Notice, PageMessage, StageMessage } from '#local/page/messages.ts';
import { follow } from './connection.ts';

/** An event with a number of its own, which rows are told apart by. */
export interface Numbered {
  readonly number: number;
  readonly event: RuntimeEvent;
}

export interface PageState {
  readonly status?: RuntimeStatus;
  readonly stage?: StageMessage;
  readonly notice?: Notice;
  readonly longCommand?: LongCommand;
  /** Newest first; no more than {@link MOST_EVENTS}. */
  readonly events: readonly Numbered[];
  readonly leftOut: number;
  /** Requests a second, of the newest seconds, oldest first. */
  readonly rates: Readonly<Record<RegionType, readonly number[]>>;
  /** Why nothing comes any more. */
  readonly ended?: string;
}

/** More than anybody scrolls through; the log has the rest. */
const MOST_EVENTS = 500;
const MOST_RATES = 60;
/** Of the rates that are kept. */
const RATE_MILLISECONDS = 1000;

let state: PageState = { events: [], leftOut: 0, rates: { primary: [], secondary: [] } };
let number = 0;
let counted = { primary: 0, secondary: 0, milliseconds: 0 };
const listeners = new Set<() => void>();

/** The state of the page; whoever uses it is drawn again when it changes, at most once a frame. */
export function usePageState(): PageState {
  const [, redraw] = useState({});
  useEffect(() => {
    const listener = () => redraw({});
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return state;
}

/** The present time, again every half second as long as somebody waits for something. */
export function useClock(isRunning: boolean): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => set(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isRunning]);
  return isRunning ? Math.max(now, 0) : Date.now();
}

export function startStore(): void {
  void follow(take, (ended) => set({ ...state, ended }));
}

export function clearEvents(): void {
  set({ ...state, events: [], leftOut: 0 });
}

/** It is to be drawn at the next frame. */
let isDue = false;

function set(next: PageState): void {
  state = next;
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    for (const listener of listeners) listener();
  });
}

function take(message: PageMessage): void {
  const { status, stage, notice, longCommand, events, leftOut, requests, milliseconds } = message;
  // A runtime that began again knows nothing of what was.
  const isNew = stage !== undefined && state.stage !== undefined && stage.startedAt !== state.stage.startedAt;
  const before = isNew || state.ended !== undefined ? [] : state.events;
  const numbered = events.map((event) => {
    number += 1;
    return { number, event };
  });
  const { ended: _, ...rest } = state;
  counted = {
    primary: counted.primary + requests.primary.all,
    secondary: counted.secondary + requests.secondary.all,
    milliseconds: counted.milliseconds + milliseconds,
  };
  set({
    ...rest,
    ...(status && { status }),
    ...(stage && { stage }),
    ...(notice && { notice }),
    ...(longCommand && { longCommand }),
    events: numbered.length === 0 ? before : [...numbered.reverse(), ...before].slice(0, MOST_EVENTS),
    leftOut: (isNew ? 0 : state.leftOut) + leftOut,
    rates: nextRates(),
  });
}

function nextRates(): PageState['rates'] {
  const { primary, secondary, milliseconds } = counted;
  if (milliseconds < RATE_MILLISECONDS) return state.rates;
  counted = { primary: 0, secondary: 0, milliseconds: 0 };
  const add = (rates: readonly number[], requests: number) =>
    [...rates, (requests / milliseconds) * 1000].slice(-MOST_RATES);
  return { primary: add(state.rates.primary, primary), secondary: add(state.rates.secondary, secondary) };
}
