import { describe, expect, it } from 'vitest';
import { loadHandlers } from '#container/handlers.ts';
import { containerOperations } from '#container/operations.ts';
import { readSettings } from '#container/settings.ts';
import { operations } from '#contract/index.ts';
import { listEvents } from '#contract/list-events.ts';

describe("the container's settings (S3.12)", () => {
  it('have defaults that fit an Application Load Balancer and ECS', () => {
    const settings = readSettings({ PORT: '' });
    expect(settings).toMatchObject({ host: '0.0.0.0', port: 8080, apiEnvironment: 'container' });
    // The load balancer's idle timeout and ECS's stopTimeout.
    expect(settings.keepAliveMilliseconds).toBeGreaterThan(60_000);
    expect(settings.drainMilliseconds).toBeLessThan(30_000);
  });

  it('keep connections longer than whatever load balancer is in front', () => {
    const { keepAliveMilliseconds } = readSettings({ LOAD_BALANCER_IDLE_SECONDS: '300' });
    expect(keepAliveMilliseconds).toBeGreaterThan(300_000);
  });

  it('are refused with all that is wrong', () => {
    expect(() => readSettings({ PORT: '70000', DRAIN_SECONDS: 'soon', LINGER_SECONDS: '-1' })).toThrow(
      "The container's environment: PORT is '70000', allowed is a whole number from 0 to 65535; " +
        "LINGER_SECONDS is '-1', allowed is a whole number from 0 to 3600; DRAIN_SECONDS is 'soon', allowed is a whole number from 0 to 3600.",
    );
    expect(() => readSettings({ DRAIN_SECONDS: '2' })).toThrow(
      "LINGER_SECONDS is '5', allowed is at most DRAIN_SECONDS, 2",
    );
  });
});

describe("the container's operations (S3.12)", () => {
  it('cannot be those whose callers sign, since nobody checks that behind a load balancer', () => {
    expect(() => containerOperations([{ ...listEvents, container: true }])).toThrow(
      "cannot serve list-events: nothing behind a load balancer checks a signature or a token. Give them the auth 'apiKey' or 'open'",
    );
  });

  it('could be any others of the contract: each has a handler that the container can ask', async () => {
    const marked = operations.map((operation) => ({ ...operation, container: operation.auth !== 'iam' }));
    const handlers = await loadHandlers(containerOperations(marked));
    expect([...handlers.keys()]).toEqual(['healthcheck', 'test', 'user', 'events', 'string-replace']);
  });
});
