import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { fieldsOf, timeOfDay } from '#local/page/view/state/words.ts';

/** One event, in a line; what an exception adds stands below it. */
export function Line({ event }: { readonly event: RuntimeEvent }) {
  const isBad =
    event.kind === 'warning' ||
    (event.kind === 'health' && event.status === 'unhealthy') ||
    (event.kind === 'alarm' && event.state === 'ALARM');
  return (
    <div class="line">
      <span class="dim number">{timeOfDay(event.time)}</span>
      <span class={isBad ? 'bad kind' : 'kind'}>{event.kind}</span>
      <span class="text">{textOf(event)}</span>
    </div>
  );
}

/** What an event says, in a sentence. */
export function textOf(event: RuntimeEvent): string {
  switch (event.kind) {
    case 'access':
      return `${event.region} ${event.environment} ${event.line}`;
    case 'function':
      return `${event.region} ${event.environment} ${event.logGroup.replace('/aws/lambda/', '')} ${functionText(event.line)}`;
    case 'health':
      return `${event.healthCheck} is ${event.status}: ${event.reason}`;
    case 'dns':
      return `${event.name} is answered with ${event.to}`;
    case 'entry':
      return `${event.name} leads to ${event.to}, no longer to ${event.from}`;
    case 'control':
      return controlText(event);
    case 'alarm':
      return `${event.awsRegion} ${event.name} is ${event.state}: ${event.reason}`;
    case 'waf':
      return `${event.region} ${event.environment} ${wafText(event.line)}`;
    case 'warning':
      return event.message;
  }
}

function wafText(line: string): string {
  const { action, terminatingRuleId, httpRequest } = fieldsOf(line);
  const { clientIp, httpMethod, uri } = Object(httpRequest);
  const what = action === 'BLOCK' ? `blocked by ${terminatingRuleId}` : 'would be blocked on AWS';
  return `${httpMethod} ${uri} of ${clientIp} ${what}`;
}

function functionText(line: string): string {
  const [word, json] = line.split('\t', 2);
  if (word === 'Invoke Error' && json !== undefined) {
    const { errorType, errorMessage, trace } = fieldsOf(json);
    const below = Array.isArray(trace) ? trace.slice(1).map((each) => `\n${each}`) : [];
    return `${word}: ${errorType} ${errorMessage}${below.join('')}`;
  }
  const { level, message, error } = fieldsOf(line);
  if (typeof message !== 'string') return line.trimEnd();
  const stack = Object(error).stack;
  return `${level ?? ''} ${message}${typeof stack === 'string' ? `\n${stack}` : ''}`;
}

function controlText(event: Extract<RuntimeEvent, { kind: 'control' }>): string {
  switch (event.action) {
    case 'move':
      return `${event.part} leads to ${event.to}, no longer to ${event.from}`;
    case 'deploy':
      return `${event.environment} has a new release`;
    case 'weigh':
      return `${event.environment} in the ${event.region} region runs other versions for ${Math.round(100 * event.share)} % of its invocations`;
    case 'fail':
      return `${event.region} fails: ${event.failure?.part ?? 'region'}, ${event.failure?.mode.kind ?? 'refuse'}`;
    case 'recover':
      return `${event.region} recovers`;
    case 'partition':
      return 'the regions cannot reach each other';
    case 'heal':
      return 'the regions reach each other again';
  }
}
