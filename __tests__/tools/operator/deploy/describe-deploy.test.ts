import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { DeployReport } from '#operator/deploy/deploy-report.ts';
import { describeDeploy, describeFirst } from '#operator/deploy/describe-deploy.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const applied = (...stacks: readonly string[]): DeployReport['stacks'] =>
  stacks.map((stack) => ({ stack, outcome: 'applied', seconds: 1 }));
const text = (report: Partial<DeployReport>) =>
  describeDeploy(
    {
      stage: 'dev',
      first: true,
      target: 'envA',
      names: ['api.example.com'],
      environments: [],
      pinned: {},
      stacks: [],
      ...report,
    },
    pc.createColors(false),
  );

describe('what a deploy says at its end', () => {
  it('is where the public names lead after a first deploy (S0.7)', () => {
    expect(text({ stacks: applied('data', 'entry-primary', 'entry-secondary', 'routing') })).toContain(
      'Stage dev is deployed; its public names lead to envA.\nOpen: https://api.example.com/healthcheck?shallow',
    );
    expect(text({ stacks: applied('routing') })).toMatch(/Next: two-region status dev --watch$/);
  });

  it('is that they lead nowhere yet, and how to go on, after a part of it', () => {
    const said = text({ stacks: applied('data') });
    expect(said).toContain('The public names of dev lead nowhere yet. The other stacks: two-region deploy dev');
    expect(said).not.toContain('is deployed');
  });

  it('is the command that moves live traffic after a later one (S0.13)', () => {
    expect(text({ first: false, environments: ['envB', 'preview'], stacks: applied('envB-primary') })).toMatch(
      /live traffic stayed on envA\.\nMove it with: two-region switch dev envB$/,
    );
  });
});

describe('what a first deploy asks about', () => {
  it('is how much it makes, in which account and regions, with which public names (S0.7)', () => {
    const decision = { isFirst: true, target: 'envA', environments: [], touchesLive: false, steps: [stacksOfAStage()] };
    const place = { account: '123456789012', regions: ['eu-central-1', 'eu-west-1'], names: ['api.example.com'] };
    expect(describeFirst(decision, place)).toBe(
      'Up to 28 resources are made in account 123456789012, eu-central-1 and eu-west-1, with the public names api.example.com. ' +
        'AWS charges for them: two-region cost.',
    );
  });
});
