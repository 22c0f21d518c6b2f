import { describe, expect, it } from 'vitest';
import type { RuntimeSummary } from '#local/control/summary.ts';
import { targetIn } from '#operator/call/local-target.ts';

const urls = (port: number, path: string) => ({
  envA: `http://127.0.0.1:${port}/${path}envA`,
  envB: `http://127.0.0.1:${port}/${path}envB`,
  preview: `http://127.0.0.1:${port}/${path}preview`,
});
const invoker = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const summary: RuntimeSummary = {
  stage: 'dev',
  name: 'api.local',
  entry: 'http://127.0.0.1:3000',
  httpEntry: 'http://127.0.0.1:3003',
  apiKey: 'key-b',
  apiKeys: [
    { value: 'key-p', environments: ['preview'] },
    { value: 'key-b', environments: ['envB', 'envA'] },
  ],
  invoker,
  stranger: invoker,
  otherRuntimes: [],
  unserved: [],
  regions: {
    primary: {
      region: 'eu-central-1',
      url: 'http://127.0.0.1:3001',
      target: 'envB',
      environments: urls(3001, ''),
      httpEnvironments: urls(3001, 'h/'),
      services: {},
    },
    secondary: {
      region: 'eu-west-1',
      url: 'http://127.0.0.1:3002',
      target: 'envB',
      environments: urls(3002, ''),
      httpEnvironments: urls(3002, 'h/'),
      services: {},
    },
  },
};
const rest = (place: object) => targetIn(summary, { api: 'rest' }, place);
const http = (place: object) => targetIn(summary, { api: 'http' }, place);

describe('where a call goes in the local runtime (S3.10)', () => {
  it('is the public name, with the key of the environment that it leads to', () => {
    expect(rest({})).toMatchObject({
      baseUrl: 'http://127.0.0.1:3000',
      apiKey: 'key-b',
      credentials: invoker,
      region: 'eu-central-1',
    });
    expect(http({})).toMatchObject({ baseUrl: 'http://127.0.0.1:3003', credentials: invoker });
  });

  it("begins with the primary region, as a client does, and knows each region's own place (B23)", () => {
    const { region, regions } = http({});
    expect([region, regions?.regions]).toEqual(['eu-central-1', ['eu-central-1', 'eu-west-1']]);
    expect(regions?.regionalUrl?.('eu-west-1')).toBe('http://127.0.0.1:3002/h/envB');
    expect(http({ region: 'secondary' }).regions).toBeUndefined();
  });

  it('is one environment, with its own key', () => {
    expect(rest({ env: 'preview' })).toMatchObject({ baseUrl: 'http://127.0.0.1:3001/preview', apiKey: 'key-p' });
    expect(http({ env: 'envA' })).toMatchObject({
      baseUrl: 'http://127.0.0.1:3001/h/envA',
      region: 'eu-central-1',
    });
  });

  it('is one region, in the environment of the public name', () => {
    expect(rest({ region: 'secondary' })).toMatchObject({ baseUrl: 'http://127.0.0.1:3002/envB', region: 'eu-west-1' });
  });

  it("S0.12: follows each region's own target while a switch is under way", () => {
    const { primary, secondary } = summary.regions;
    const moving = { ...summary, regions: { primary: { ...primary, target: 'preview' }, secondary } };
    const at = (region: 'primary' | 'secondary') => targetIn(moving, { api: 'rest' }, { region }).baseUrl;
    expect([at('primary'), at('secondary')]).toEqual(['http://127.0.0.1:3001/preview', 'http://127.0.0.1:3002/envB']);
    expect(targetIn(moving, { api: 'rest' }, {}).apiKey).toBe('key-p');
  });

  it('takes another key', () => {
    expect(rest({ key: 'mine', env: 'preview' }).apiKey).toBe('mine');
  });

  it('names the environments when there is none of that name, and an API that is not served', () => {
    expect(() => rest({ env: 'envC' })).toThrow('--env is "envC", allowed are envA, envB, preview.');
    const region = {
      region: 'eu-central-1',
      url: 'http://127.0.0.1:3001',
      environments: {},
      httpEnvironments: {},
      services: {},
    };
    const { httpEntry: _, ...served } = summary;
    const without = { ...served, regions: { primary: region, secondary: region } };
    expect(() => targetIn(without, { api: 'http' }, {})).toThrow('does not serve this API');
  });
});
