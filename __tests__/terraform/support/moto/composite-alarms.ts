import type { IncomingMessage } from 'node:http';

const NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';

/** moto has no PutCompositeAlarm. Composite alarms are therefore kept here: made, described, with their tags, and deleted as on CloudWatch. */
export class CompositeAlarms {
  /** Region and name → what it was made of. */
  readonly #alarms = new Map<string, URLSearchParams>();

  /**
   * @param body - of a request in the query protocol
   * @returns the response's XML; undefined for what moto knows
   */
  answerTo({ headers }: IncomingMessage, body: string): string | undefined {
    const input = new URLSearchParams(body);
    const region = /\/([a-z0-9-]+)\/monitoring\//.exec(headers.authorization ?? '')?.[1];
    if (region === undefined) return undefined;
    const key = (name: string | null) => `${region} ${name}`;
    const action = input.get('Action') ?? '';
    const response = (result = '') =>
      `<${action}Response xmlns="${NAMESPACE}">${result && `<${action}Result>${result}</${action}Result>`}<ResponseMetadata><RequestId>moto</RequestId></ResponseMetadata></${action}Response>`;
    if (action === 'PutCompositeAlarm') {
      this.#alarms.set(key(input.get('AlarmName')), input);
      return response();
    }
    if (action === 'DeleteAlarms') {
      return this.#alarms.delete(key(input.get('AlarmNames.member.1'))) ? response() : undefined;
    }
    if (action === 'DescribeAlarms' && input.get('AlarmTypes.member.1') === 'CompositeAlarm') {
      const alarm = this.#alarms.get(key(input.get('AlarmNames.member.1')));
      return response(`<CompositeAlarms>${alarm ? described(region, alarm) : ''}</CompositeAlarms><MetricAlarms/>`);
    }
    if (action === 'ListTagsForResource') {
      const alarm = this.#alarms.get(key(input.get('ResourceARN')?.split(':alarm:')[1] ?? null));
      return alarm && response(`<Tags>${members(alarm, 'Tags', ['Key', 'Value'])}</Tags>`);
    }
    return undefined;
  }
}

function described(region: string, alarm: URLSearchParams): string {
  const text = (name: string) => `<${name}>${escaped(alarm.get(name) ?? '')}</${name}>`;
  const list = (name: string) => `<${name}>${members(alarm, name)}</${name}>`;
  const name = alarm.get('AlarmName');
  return `<member>${['ActionsEnabled', 'AlarmDescription', 'AlarmName', 'AlarmRule'].map(text).join('')}${['AlarmActions', 'OKActions'].map(list).join('')}<AlarmArn>arn:aws:cloudwatch:${region}:123456789012:alarm:${name}</AlarmArn><StateValue>OK</StateValue></member>`;
}

/** `NAME.member.1`, …, each a text or a few of them. */
function members(alarm: URLSearchParams, name: string, parts?: readonly string[]): string {
  const found: string[] = [];
  for (let at = 1; ; at++) {
    const values = (parts ?? ['']).map((part) => alarm.get(`${name}.member.${at}${part && `.${part}`}`));
    if (values[0] === null) return found.join('');
    const inner = parts
      ? parts.map((part, i) => `<${part}>${escaped(values[i] ?? '')}</${part}>`)
      : [escaped(values[0] ?? '')];
    found.push(`<member>${inner.join('')}</member>`);
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
