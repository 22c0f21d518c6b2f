import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { type Colors, timeOfDay } from '#operator/cli/terminal.ts';
import { describeFailure } from './describe-change.ts';
import { describeAccessLine, describeFunctionLine, describeWafLine } from './log-line.ts';

/** A log event as one line for people; `--log-format json` has everything else. */
export function describeEvent(event: RuntimeEvent, colors: Colors): string {
  return `${colors.dim(timeOfDay(event.time))} ${text(event, colors)}`;
}

function text(event: RuntimeEvent, colors: Colors): string {
  switch (event.kind) {
    case 'access':
      return `${colors.cyan('access  ')} ${event.region} ${event.environment} ${describeAccessLine(event.line, colors)}`;
    case 'function':
      return `${colors.magenta('function')} ${event.region}${event.environment && ` ${event.environment}`} ${event.logGroup.replace('/aws/lambda/', '')} ${describeFunctionLine(event.line, colors)}`;
    case 'alarm': {
      const state = event.state === 'ALARM' ? colors.red(event.state) : colors.green(event.state);
      return `${colors.yellow('alarm   ')} ${event.awsRegion} ${event.name} is ${state}: ${event.reason}`;
    }
    case 'health': {
      const status = event.status === 'healthy' ? colors.green(event.status) : colors.red(event.status);
      return `${colors.yellow('health  ')} ${event.healthCheck} is ${status}: ${event.reason}`;
    }
    case 'dns':
      return `${colors.yellow('dns     ')} ${event.name} is answered with ${event.to}`;
    case 'entry':
      return `${colors.yellow('entry   ')} ${event.name} leads to ${event.to}, no longer to ${event.from}`;
    case 'control':
      return `${colors.yellow('control ')} ${controlText(event)}`;
    case 'waf':
      return `${colors.yellow('waf     ')} ${event.region} ${event.environment} ${describeWafLine(event.line, colors)}`;
    case 'warning':
      return `${colors.red('warning ')} ${event.message}`;
  }
}

function controlText(event: Extract<RuntimeEvent, { kind: 'control' }>): string {
  if (event.action === 'move') return `${event.part} leads to ${event.to}, no longer to ${event.from}`;
  if (event.action === 'deploy') return `${event.environment} has a new release`;
  if (event.action === 'weigh') {
    const { environment, region, share } = event;
    return `${environment} in the ${region} region runs other versions for ${Math.round(100 * share)} % of its invocations`;
  }
  if (!('region' in event)) {
    return event.action === 'partition' ? 'the regions cannot reach each other' : 'the regions reach each other again';
  }
  if (event.action === 'recover') return `${event.region} recovers`;
  return `${event.region} fails${event.failure ? `: ${describeFailure(event.failure)}` : ''}`;
}
