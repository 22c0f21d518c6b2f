import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { decideDeploy, requireSettled } from '#operator/deploy/decide-deploy.ts';
import { idleEnvironment } from '#operator/live/target.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const decide = (live: string | undefined, request: Parameters<typeof decideDeploy>[3] = {}) =>
  decideDeploy(context.settings, stacksOfAStage(), live, request);
const kinds = ({ steps }: ReturnType<typeof decide>) => steps.map(([stack]) => stack?.kind);

describe('a deploy', () => {
  it('applies every stack the first time and leads the names to the first environment (S0.7)', () => {
    const decision = decide(undefined);
    expect(decision).toMatchObject({ isFirst: true, target: 'envA', touchesLive: false });
    expect(kinds(decision)).toEqual(['data', 'base', 'api', 'envA', 'envB', 'preview', 'entry', 'routing']);
  });

  it('goes to the environment that is not the target, in both regions; the target stays (S0.11, S0.13)', () => {
    const decision = decide('envB');
    expect(decision).toMatchObject({
      isFirst: false,
      target: 'envB',
      environments: ['envA', 'preview'],
      touchesLive: false,
    });
    expect(kinds(decision)).toEqual(['data', 'base', 'api', 'envA', 'preview', 'entry', 'routing']);
    expect(decision.steps.find(([stack]) => stack?.kind === 'envA')).toHaveLength(2);
  });

  it('goes to the environment that is named, also when it is the live one (S0.11)', () => {
    expect(decide('envA', { environment: 'envA' })).toMatchObject({
      environments: ['envA', 'preview'],
      touchesLive: true,
    });
    expect(decide('envA', { environment: 'preview' })).toMatchObject({ environments: ['preview'], touchesLive: false });
  });

  it('applies the stacks that are named with --stack and what they depend on, in order', () => {
    const names = (live: string | undefined, ...stacks: string[]) =>
      decide(live, { stacks }).steps.map((step) => step.map(({ name }) => name).join(' '));
    expect(names('envB', 'api-primary')).toEqual(['data', 'base-primary', 'api-primary']);
    expect(names(undefined, 'envB')).toEqual([
      'data',
      'base-primary base-secondary',
      'api-primary api-secondary',
      'envB-primary envB-secondary',
    ]);
    expect(names(undefined, 'routing')).toContain('envA-primary envA-secondary');
  });

  it('never brings in the live environment because another stack depends on it', () => {
    const decision = decide('envA', { stacks: ['entry'] });
    expect(kinds(decision)).toEqual(['data', 'base', 'api', 'envB', 'entry']);
    expect(decision).toMatchObject({ touchesLive: false, environments: ['envB'] });
    expect(decide('envA', { stacks: ['entry', 'envA'] })).toMatchObject({ touchesLive: true });
  });

  it('applies exactly the stacks that are named with --only, by name, id or kind', () => {
    const decision = decide('envA', { only: ['entry', 'dev-data', 'envA-secondary'] });
    expect(decision.steps.flat().map(({ name }) => name)).toEqual([
      'data',
      'envA-secondary',
      'entry-primary',
      'entry-secondary',
    ]);
    expect(decision.touchesLive).toBe(true);
  });

  it('refuses names that are not known before any account is asked, and says what is allowed', () => {
    expect(() => requireSettled(context, { environment: 'envC' })).toThrow(/"envC", allowed are envA, envB, preview/);
    expect(() => requireSettled(context, { stacks: ['dat', 'nope'] })).toThrow(
      /"dat".*Did you mean "data".+"nope".+routing/s,
    );
    expect(() => requireSettled(context, { only: ['nope'] })).toThrow(/"nope"/);
    expect(() => requireSettled(context, { environment: 'envC', stacks: ['data'] })).toThrow(
      /"envC".+one of these: an environment, --stack/s,
    );
    expect(() => requireSettled(context, { only: ['api'], stacks: ['data'] })).toThrow(RefusedError);
  });

  it('of several environments takes the one after the target', () => {
    expect(['a', 'b', 'c'].map((target) => idleEnvironment(['a', 'b', 'c'], target))).toEqual(['b', 'c', 'a']);
  });
});
