import { describe, expect, it } from 'vitest';
import { beginningOf, callingInvocation, invocationOf, type Span, Spans, withoutSecrets } from '#local/events/spans.ts';

const FUNCTION_ID = 'b7a1c3d4-0000-4000-8000-123456789abc';
const invocation = invocationOf(FUNCTION_ID);
const span = (part: Span['part'], time: number, more: Partial<Span> = {}): Span => ({
  ...{ part, time, milliseconds: 1, region: 'eu-central-1', name: part },
  ...more,
});

describe("a request's way (B15)", () => {
  it('is found by the id of the gateway and by that of Lambda, from the outermost part inwards', () => {
    const spans = new Spans();
    spans.keep();
    spans.add(span('service', 3, { invocation }));
    spans.add(span('handler', 2, { invocation }));
    spans.add(span('function', 2, { invocation, requestId: FUNCTION_ID }));
    spans.add(span('gateway', 1, { invocation, requestId: 'gateway' }));
    spans.add(span('gateway', 1, { requestId: 'refused' }));
    spans.add(span('gateway', 1, { requestId: 'refused too' }));
    spans.add(span('replica', 9, { invocation: 'ffffffffffffffff' }));
    const parts = ['gateway', 'function', 'handler', 'service'];
    expect(spans.of('gateway').map(({ part }) => part)).toEqual(parts);
    expect(spans.of(FUNCTION_ID).map(({ part }) => part)).toEqual(parts);
    expect(spans.of('refused')).toHaveLength(1);
    expect(spans.of('unknown')).toEqual([]);
  });

  it('is not kept before somebody asks, and then not without end', () => {
    const spans = new Spans();
    spans.add(span('gateway', 1, { requestId: 'early' }));
    spans.keep();
    expect(spans.of('early')).toEqual([]);
    for (let at = 0; at < 40_000; at += 1) spans.add(span('gateway', at, { requestId: `${at}` }));
    expect(spans.of('0')).toEqual([]);
    expect(spans.of('24999')).toEqual([]);
    expect(spans.of('39999')).toHaveLength(1);
  });

  it('is kept by length, too: clients decide how long their headers are', () => {
    const spans = new Spans();
    spans.keep();
    const long = { line: 'GET / HTTP/1.1', headers: ['x-long', 'a'.repeat(20_000)], body: '' };
    const exchanged = { request: long, response: { line: '200', headers: [], body: 'b'.repeat(2048) } };
    for (let at = 0; at < 3000; at += 1) spans.add(span('gateway', at, { requestId: `${at}`, exchanged }));
    // 16 million characters and half as many are 1,087 of those.
    const kept = Array.from({ length: 3000 }, (_, at) => spans.of(`${at}`).length).filter((found) => found > 0);
    expect(kept.length).toBeGreaterThan(700);
    expect(kept.length).toBeLessThan(1100);
    expect(spans.of('2999')).toHaveLength(1);
    const enormous = { ...long, headers: ['x-long', 'a'.repeat(30_000_000)] };
    spans.add(span('gateway', 1, { requestId: 'enormous', exchanged: { request: enormous, response: long } }));
    expect(spans.of('enormous')).toHaveLength(1);
    expect(spans.of('2999')).toEqual([]);
  });

  it("is tied together by the parent of the SDK's trace header, and by nothing that only looks like one", () => {
    expect(callingInvocation(`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${invocation};Sampled=0`)).toBe(
      'b7a1c3d400004000',
    );
    for (const header of [undefined, '', 'Parent=xyz', `OtherParent=${invocation}`, ['a']]) {
      expect(callingInvocation(header)).toBeUndefined();
    }
  });

  it('shows no key and no signature, and of a long body its beginning', () => {
    const headers = ['X-Api-Key', 'k', 'Authorization', 's', 'Cookie', 'c', 'accept', 'x-api-key'];
    expect(withoutSecrets(headers).filter((_, at) => at % 2 === 1)).toEqual([
      ...['(not shown)', '(not shown)', '(not shown)', 'x-api-key'],
    ]);
    expect(beginningOf('a'.repeat(5000))).toHaveLength(2048);
    expect(beginningOf(Buffer.alloc(5000, 97))).toBe('a'.repeat(2048));
  });
});
