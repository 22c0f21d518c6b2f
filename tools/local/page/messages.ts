import type { MetricSummary } from '#local/cloudwatch/metric-store.ts';
import type { LocalAlarms, RuntimeStatus } from '#local/control/protocol.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { Trace } from '#local/events/trace.ts';
import type { RegionType } from '#local/model/model.ts';

/** What the page is told, a few times a second: what has changed since the last message. */
export interface PageMessage {
  readonly status?: RuntimeStatus;
  readonly stage?: StageMessage;
  readonly notice?: Notice;
  readonly longCommand?: LongCommand;
  /** Oldest first; at a rate that nobody could read, the newest of them. */
  readonly events: readonly RuntimeEvent[];
  /** Of events that are not among these. */
  readonly leftOut: number;
  /** Requests since the last message, health checks that succeed aside. */
  readonly requests: Readonly<Record<RegionType, RequestCounts>>;
  /** Milliseconds that the counts are of. */
  readonly milliseconds: number;
}

export interface RequestCounts {
  readonly all: number;
  /** With a status from 500 on. */
  readonly failed: number;
}

/** What is deployed, and where traffic goes. */
export interface StageMessage {
  readonly stage: string;
  readonly startedAt: number;
  readonly publicNames: readonly { readonly name: string; readonly url: string; readonly kind: 'http' | 'rest' }[];
  readonly environments: readonly EnvironmentMessage[];
  /** What a command will do, in words, by its name. */
  readonly commands: Readonly<Record<string, string>>;
}

export interface EnvironmentMessage {
  readonly name: string;
  readonly follows: 'release' | 'working tree';
  readonly deployedAt: number;
  readonly regions: Readonly<Record<RegionType, EnvironmentInRegion>>;
}

interface EnvironmentInRegion {
  /** The public names lead to it. */
  readonly live: boolean;
  readonly urls: readonly string[];
  readonly functions: readonly { readonly name: string; readonly version: string; readonly code: string }[];
}

/** What became of the last saved change. */
export interface Notice {
  readonly time: number;
  readonly isMistake: boolean;
  readonly lines: readonly string[];
}

export type TraceMessage = Trace;

/** Items of a table, as each region holds them. */
export interface TableMessage {
  readonly name: string;
  readonly primary: TableInRegion;
  readonly secondary: TableInRegion;
}

interface TableInRegion {
  /** How many there are. */
  readonly all: number;
  /** The first of them; attribute → value. */
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

/** Of the last minutes of AWS's time. */
export interface MetricsMessage {
  readonly minutes: number;
  readonly metrics: readonly MetricSummary[];
  readonly alarms: LocalAlarms['alarms'];
}

/** An operation of the contract, as the explorer offers it. */
export interface OfferedOperation {
  readonly id: string;
  readonly api: 'http' | 'rest';
  readonly method: string;
  readonly path: string;
  /** What callers need, in words: `API key`. */
  readonly access: string;
  readonly summary: string;
  readonly examples: readonly OfferedExample[];
}

interface OfferedExample {
  readonly summary: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; empty: none. */
  readonly body: string;
  readonly status: number;
}

/** What the explorer got for a call. */
export interface CallOutcome {
  /** `GET http://127.0.0.1:3000/test`. */
  readonly line: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly milliseconds: number;
  /** Of the gateway; empty where it gave none. */
  readonly requestId: string;
}

/** A command that takes minutes, while it runs and afterwards. */
export interface LongCommand {
  readonly name: string;
  readonly startedAt: number;
  /** What it said last. */
  readonly line: string;
  /** Once it has ended. */
  readonly outcome?: CommandOutcome;
}

/** What a command came to. */
export interface CommandOutcome {
  readonly exitCode: number;
  /** What it said, messages and data. */
  readonly text: string;
}
