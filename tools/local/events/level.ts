import { readFields } from './read-fields.ts';
import type { RuntimeEvent } from './runtime-log.ts';

/** From the least to the most. Source: Powertools for AWS Lambda (TypeScript), "Logger", log levels. */
export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;

export type Level = (typeof LEVELS)[number];

/** What Lambda itself writes of an invocation that came to no good end. */
export const LAMBDA_FAILURES = ['Invoke Error', 'Task timed out', 'Runtime exited'] as const;

/**
 * How much an event matters: a function's line by its own level, and without one as an error where Lambda says that an invocation failed; an access line
 * by its status, 5xx an error, 4xx a warning.
 */
function levelOf(event: RuntimeEvent): Level {
  if (event.kind === 'warning' || event.kind === 'waf') return 'WARN';
  if (event.kind === 'alarm') return event.state === 'ALARM' ? 'ERROR' : 'INFO';
  if (event.kind === 'access') {
    const { status } = readFields(event.line) ?? {};
    return String(status) >= '500' ? 'ERROR' : String(status) >= '400' ? 'WARN' : 'INFO';
  }
  if (event.kind !== 'function') return 'INFO';
  const fields = readFields(event.line);
  if (fields) return LEVELS.find((level) => level === fields.level) ?? 'INFO';
  return LAMBDA_FAILURES.some((text) => event.line.includes(text)) ? 'ERROR' : 'INFO';
}

/** Whether an event is of that level or above. */
export function isAtLeast(event: RuntimeEvent, level: Level): boolean {
  return LEVELS.indexOf(levelOf(event)) >= LEVELS.indexOf(level);
}
