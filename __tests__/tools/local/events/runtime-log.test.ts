import { describe, expect, it } from 'vitest';
import { type RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';

const warning = (message: string): RuntimeEvent => ({ kind: 'warning', time: 0, message });
const output = (line: string): RuntimeEvent => ({
  kind: 'function',
  time: 0,
  region: 'primary',
  environment: 'envA',
  logGroup: '/aws/lambda/test',
  requestId: 'r',
  line,
});
const all = () => true;

describe('the log of a runtime', () => {
  it('keeps the newest events, oldest first', () => {
    const log = new RuntimeLog({ events: 3 });
    for (let at = 0; at < 100; at++) log.write(warning(`${at}`));
    expect(log.query(all)).toEqual([warning('97'), warning('98'), warning('99')]);
    expect(log.query((event) => event.kind === 'warning' && event.message === '98')).toEqual([warning('98')]);
  });

  it('keeps fewer when their texts are long, whatever functions print and clients send', () => {
    const log = new RuntimeLog({ events: 1000, characters: 1000 });
    for (let at = 0; at < 100; at++) log.write(output(`${at} ${'x'.repeat(300)}`));
    const kept = log.query(all).map((event) => (event.kind === 'function' ? Number.parseInt(event.line, 10) : -1));
    expect(kept.length).toBeLessThanOrEqual(5);
    expect(kept).toEqual([95, 96, 97, 98, 99].slice(-kept.length));
    log.write(output('y'.repeat(5000)));
    expect(log.query(all)).toHaveLength(1);
  });

  it('tells listeners of every event until they have heard enough', () => {
    const log = new RuntimeLog({ events: 1 });
    const heard: RuntimeEvent[] = [];
    const end = log.subscribe((event) => heard.push(event));
    log.write(warning('one'));
    log.write(warning('two'));
    end();
    log.write(warning('three'));
    expect(heard).toEqual([warning('one'), warning('two')]);
  });
});
