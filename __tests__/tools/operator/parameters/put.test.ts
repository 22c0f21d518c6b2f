import { describe, expect, it } from 'vitest';
import { putParameters, syncParameters } from '#operator/parameters/put.ts';
import { context, memoryStore, validValues } from './stores.ts';

const stores = (values = new Map<string, string>()) => ({
  primary: memoryStore('eu-central-1', values),
  secondary: memoryStore('eu-west-1', values),
});
const put = async (target: ReturnType<typeof stores>, values: ReadonlyMap<string, string>) =>
  putParameters(context, target, await target.primary.readAll(), values);

describe('params put (S0.5)', () => {
  it('sets every value in both regions, multi-line and unicode ones as they are', async () => {
    const target = stores();
    const map = '{\n  "naïve": "单纯 — \\"simple\\""\n}';
    const writes = await put(target, new Map([...validValues, ['replacement_map', map]]));
    expect(writes.every(({ primary, secondary }) => primary === 'written' && secondary.outcome === 'written')).toBe(
      true,
    );
    expect(target.primary.values.get('replacement_map')).toBe(map);
    expect(target.secondary.values).toEqual(target.primary.values);
  });

  it('writes only what changed', async () => {
    const target = stores(new Map(validValues));
    await put(target, new Map([...validValues, ['alarm_email', 'new@example.com']]));
    expect([target.primary.writes, target.secondary.writes]).toEqual([['alarm_email'], ['alarm_email']]);
  });

  it("reports a mirror that fails, keeps the primary's value, and lets sync repair it", async () => {
    const target = stores(new Map(validValues));
    target.secondary.fail = 'writes';
    const values = new Map([['alarm_email', 'new@example.com']]);
    expect(await put(target, values)).toEqual([
      {
        name: 'alarm_email',
        primary: 'written',
        secondary: { outcome: 'failed', reason: 'eu-west-1 did not answer' },
      },
    ]);
    target.secondary.fail = 'nothing';
    const synced = await syncParameters(context, target);
    expect(synced.filter(({ secondary }) => secondary.outcome === 'written').map(({ name }) => name)).toEqual([
      'alarm_email',
    ]);
    expect(target.secondary.values).toEqual(target.primary.values);
  });

  it('sets parameters while the secondary region is away altogether', async () => {
    const target = stores();
    target.secondary.fail = 'all';
    const writes = await put(target, validValues);
    expect(target.primary.values).toEqual(validValues);
    expect(writes.every(({ secondary }) => secondary.outcome === 'failed')).toBe(true);
  });

  it('sets nothing when one value is wrong, and names all that are, without the secret ones', async () => {
    const target = stores();
    const secret = 'short-secret';
    const values = new Map([
      ...validValues,
      ['api_key', secret],
      ['hosted_zone_id', 'zone'],
      ['alarm_email', 'nobody'],
    ]);
    const message = await put(target, values).catch((error: Error) => error.message);
    expect(message).toMatch(/hosted_zone_id.+api_key|api_key.+hosted_zone_id/s);
    expect(message).toContain('alarm_email');
    expect(message).not.toContain(secret);
    expect(target.primary.writes).toEqual([]);
  });

  it('refuses a value that another parameter has already', async () => {
    const target = stores(new Map(validValues));
    const taken = new Map([['preview_api_key', validValues.get('api_key') ?? '']]);
    await expect(put(target, taken)).rejects.toThrow(/preview_api_key: got the value of api_key/);
    const domain = new Map([['domain_name', validValues.get('events_domain_name') ?? '']]);
    await expect(put(target, domain)).rejects.toThrow(/events_domain_name: got the value of domain_name/);
    await put(target, new Map([['alarm_email', 'new@example.com']]));
  });

  it('names unknown parameters and wrong values at once', async () => {
    const values = new Map([
      ['domain_nam', 'api.example.com'],
      ['alarm_email', 'nobody'],
    ]);
    await expect(put(stores(), values)).rejects.toThrow(/got the parameter domain_nam,.+^alarm_email: got/ms);
  });

  it('mirrors what was set before the primary region refused one', async () => {
    const target = stores();
    const { write } = target.primary;
    const refusing = {
      ...target.primary,
      write: async (name: string, value: string, description: string) => {
        if (name === 'alarm_email') throw new Error('Rate exceeded');
        await write(name, value, description);
      },
    };
    const values = new Map(['hosted_zone_id', 'alarm_email'].map((name) => [name, validValues.get(name) ?? '']));
    const done = putParameters(context, { ...target, primary: refusing }, new Map(), values);
    await expect(done).rejects.toThrow('Rate exceeded');
    expect(target.secondary.writes).toEqual(['hosted_zone_id']);
  });

  it('refuses names that the settings lack, and suggests', async () => {
    await expect(put(stores(), new Map([['domain_nam', 'api.example.com']]))).rejects.toThrow(
      /Did you mean "domain_name"/,
    );
  });
});
