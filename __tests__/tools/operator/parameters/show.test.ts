import { describe, expect, it } from 'vitest';
import { getParameter } from '#operator/parameters/get.ts';
import { listParameters } from '#operator/parameters/list.ts';
import { context, memoryStore, validValues } from './stores.ts';

const masked = { reveal: false };
const store = memoryStore('eu-central-1', validValues);
const root = `/${context.settings.appName}/${context.stage}/`;

describe('params get and list (S0.5)', () => {
  it('get by name and by full path, secrets masked unless revealed', async () => {
    const expected = validValues.get('domain_name');
    expect(await getParameter(context, store, 'domain_name', masked)).toMatchObject({ value: expected });
    expect(await getParameter(context, store, `${root}domain_name`, masked)).toMatchObject({ value: expected });
    expect(await getParameter(context, store, 'api_key', masked)).toMatchObject({ value: '********' });
    const revealed = await getParameter(context, store, 'api_key', { reveal: true });
    expect(revealed).toEqual({ name: 'api_key', path: `${root}api_key`, value: validValues.get('api_key') });
  });

  it('mask what the catalogue does not know', async () => {
    const values = memoryStore('eu-central-1', new Map([['of_somebody_else', 'secret?']]));
    expect(await getParameter(context, values, 'of_somebody_else', masked)).toMatchObject({ value: '********' });
  });

  it.each([
    ['/another-app/dev/domain_name', /allowed is one that starts with/],
    ['domain_nam', /Did you mean "domain_name"/],
  ])('refuse %s', async (name, message) => {
    await expect(getParameter(context, store, name, masked)).rejects.toThrow(message);
  });

  it('list what is set, what is not, and how the mirror differs', async () => {
    const primary = memoryStore('a', new Map([...validValues, ['of_somebody_else', 'x']]));
    primary.values.delete('alarm_email');
    const secondary = memoryStore('b', validValues);
    secondary.values.set('domain_name', 'old.example.com');
    const listed = await listParameters(context, { primary, secondary }, masked);
    const of = (wanted: string) => listed.find(({ name }) => name === wanted);
    expect(of('alarm_email')).toMatchObject({ value: null });
    expect(of('domain_name')).toMatchObject({ mirror: 'differs' });
    expect(of('of_somebody_else')).toMatchObject({ value: '********', mirror: 'missing' });
    expect(of('hosted_zone_id')).toMatchObject({ mirror: 'same' });
    secondary.fail = 'all';
    const alone = await listParameters(context, { primary, secondary }, masked);
    expect(new Set(alone.map(({ mirror }) => mirror))).toEqual(new Set(['unreachable']));
  });
});
