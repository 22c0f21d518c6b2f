import { createHash } from 'node:crypto';
import { XraySamplingRule } from '@cdktf/provider-aws/lib/xray-sampling-rule';
import { Construct } from 'constructs';

/** Which of a REST API's requests X-Ray keeps. */
export interface TraceSamples {
  /** Requests of each second that are kept in any case. */
  readonly perSecond: number;
  /** Of the others. */
  readonly percent: number;
}

export interface TraceSamplingProps {
  /** Start of the rules' names. */
  readonly name: string;
  /** All gateway stages of it. */
  readonly apiName: string;
  readonly samples: TraceSamples;
  /** Path of the route that health checks ask, in every environment: none of its requests is kept. */
  readonly healthPath: string;
}

/** Source: AWS X-Ray API Reference, "SamplingRule". */
const RULE_NAME_MAX = 32;

/**
 * What X-Ray keeps of a REST API's requests, which the functions behind it follow. Health checks alone would be a few million traces a month. A
 * function behind an HTTP API decides by itself: one request a second and 5 % of the others, which no rule changes.
 *
 * Source: AWS Lambda Developer Guide, "Visualize Lambda function invocations using AWS X-Ray"; AWS X-Ray Developer Guide, "Configuring sampling rules".
 */
export class TraceSampling extends Construct {
  constructor(scope: Construct, id: string, { name, apiName, samples, healthPath }: TraceSamplingProps) {
    super(scope, id);
    const ofApi = { version: 1, host: '*', httpMethod: '*', resourceArn: '*', serviceName: `${apiName}/*` };
    const rule = { ...ofApi, serviceType: 'AWS::ApiGateway::Stage' };
    new XraySamplingRule(this, 'health', {
      ...rule,
      ruleName: ruleName(name, '-health'),
      priority: 1000,
      urlPath: `*${healthPath}`,
      reservoirSize: 0,
      fixedRate: 0,
    });
    new XraySamplingRule(this, 'requests', {
      ...rule,
      ruleName: ruleName(name, '-requests'),
      priority: 1001,
      urlPath: '*',
      reservoirSize: samples.perSecond,
      fixedRate: samples.percent / 100,
    });
  }
}

/** One that is too long keeps its end, and a hash of the whole. */
function ruleName(name: string, end: string): string {
  if (name.length + end.length <= RULE_NAME_MAX) return name + end;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, RULE_NAME_MAX - end.length - hash.length - 1)}-${hash}${end}`;
}
