import { isFields, readFields } from '#local/events/read-fields.ts';
import type { Colors } from '#operator/cli/terminal.ts';

/**
 * The essence of an access log line: status, method, path and latency, if the stage's format is JSON with the names that these usually have
 * (`$context.status`, `$context.httpMethod`, `$context.path` or `$context.routeKey`, `$context.responseLatency`); else the line as it is.
 */
export function describeAccessLine(line: string, colors: Colors): string {
  const fields = readFields(line);
  const { status, httpMethod, path, routeKey, responseLatency } = fields ?? {};
  const route = path === undefined ? routeKey : `${httpMethod ?? ''} ${path}`.trim();
  if (typeof status !== 'string' || typeof route !== 'string') return line;
  const colored = status < '400' ? colors.green(status) : status < '500' ? colors.yellow(status) : colors.red(status);
  return `${colored} ${route}${responseLatency === undefined ? '' : ` ${responseLatency} ms`}`;
}

/** What a web ACL says of a request, in a few words. */
export function describeWafLine(line: string, colors: Colors): string {
  const { action, terminatingRuleId, httpRequest, nonTerminatingMatchingRules: counted } = readFields(line) ?? {};
  if (!isFields(httpRequest)) return line;
  const request = `${httpRequest.httpMethod} ${httpRequest.uri} of ${httpRequest.clientIp}`;
  if (action === 'BLOCK') return `${colors.red('blocked')} ${request} by ${terminatingRuleId}`;
  const [rule] = Array.isArray(counted) ? counted : [];
  return `${colors.yellow('would be blocked')} ${request} by ${Object(rule).ruleId}; npm start -- --waf blocks it`;
}

/** Frames that are shown of an exception. */
const MOST_FRAMES = 8;

/**
 * A function's log line: of structured ones level, message and error with where it was thrown, of metrics their names and values; any other as it is, without
 * the line's end.
 */
export function describeFunctionLine(line: string, colors: Colors): string {
  const { _aws: metrics, ...fields } = readFields(line) ?? {};
  const { level, message, error } = fields;
  if (isFields(metrics)) return describeMetrics(fields);
  if (typeof message !== 'string') return line.trimEnd();
  const reason = isFields(error) && typeof error.message === 'string' ? `: ${error.message}` : '';
  const text = `${typeof level === 'string' ? `${level} ` : ''}${message}${reason}`;
  const shown = level === 'ERROR' || level === 'CRITICAL' ? colors.red(text) : text;
  return [shown, ...framesOf(error).map((frame) => colors.dim(frame))].join('\n');
}

/** A line in CloudWatch's embedded metric format: `environment envA, EventsStored 1`. */
function describeMetrics({ xray_trace_id: _, ...values }: Readonly<Record<string, unknown>>): string {
  const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(values)
    .map(([name, value]) => `${name} ${said(value)}`)
    .join(', ');
}

/** Where an exception came from; frames of Node.js and of the runtime around the function are left out. */
function framesOf(error: unknown): readonly string[] {
  if (!isFields(error) || typeof error.stack !== 'string') return [];
  const frames = error.stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/node:|\/lambda\/bootstrap\/|<anonymous>/.test(line));
  return frames.slice(0, MOST_FRAMES);
}
