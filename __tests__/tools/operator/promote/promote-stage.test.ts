import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { SwitchJournal } from '#operator/journal/switch-journal.ts';
import { owePromotion, promoteStage } from '#operator/promote/promote-stage.ts';
import { PromoteError } from '#operator/promote/promotion.ts';
import { describePromotion } from '#operator/promote/run-promote.ts';
import { context, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { keptCatchUp } from '#tests/tools/operator/regions/kept-catch-up.ts';
import { FakedPromotion } from './faked-promotion.ts';

const edited = { user: 'new', events: 'newer' };
const stage = () => new FakedPromotion({ primary: edited, secondary: edited });
const failureOf = async (work: Promise<unknown>) => String(await work.catch((error: unknown) => error));

describe('promoting what preview runs (S1.6)', () => {
  it('publishes a function and pins the idle environment to it, each region by its own number; the others stay', async () => {
    const faked = stage();
    const promotion = await promoteStage(context, faked.ports(), { functions: ['user'] });
    expect(promotion).toMatchObject({ target: 'envA', environment: 'envB' });
    expect(promotion.functions).toEqual([
      {
        name: 'user',
        codeSha256: 'new',
        before: { primary: '1', secondary: '4' },
        versions: { primary: '2', secondary: '5' },
      },
    ]);
    expect(faked.runs('primary', 'user')).toBe('user 2 pinned');
    expect(faked.runs('secondary', 'user')).toBe('user 5 pinned');
    expect(faked.runs('primary', 'events')).toBe('events 1');
    expect(faked.terraform.applied.map(({ stack }) => stack)).toEqual(['envB-primary', 'envB-secondary']);
  });

  it('publishes nothing again when it is given again, and keeps what was pinned before', async () => {
    const faked = stage();
    await promoteStage(context, faked.ports(), { functions: ['user'] });
    const { length } = faked.published;
    const again = await promoteStage(context, faked.ports(), { functions: ['user'] });
    expect(faked.published).toHaveLength(length);
    expect(again.functions).toMatchObject([{ before: { primary: '2', secondary: '5' }, versions: { primary: '2' } }]);
    await promoteStage(context, faked.ports(), { functions: ['events'] });
    expect(faked.runs('primary', 'user')).toBe('user 2 pinned');
    expect(faked.runs('primary', 'events')).toBe('events 2 pinned');
  });

  it('promotes every function when none is named', async () => {
    const { functions } = await promoteStage(context, stage().ports(), {});
    expect(functions.map(({ name }) => name)).toEqual(['events', 'healthcheck', 'string-replace', 'test', 'user']);
  });

  it('publishes nothing when the regions do not run the same code, and names everything that is in the way', async () => {
    const faked = new FakedPromotion({ primary: edited, secondary: { ...edited, user: 'other' } });
    const failure = await failureOf(
      promoteStage(context, faked.ports(), { functions: ['user', 'usr'], environment: 'envA' }),
    );
    expect(failure).toMatch(/^RefusedError: Nothing was promoted\.\nenvA receives live traffic, allowed are envB\./);
    expect(failure).toContain('There is no function "usr", allowed are events, healthcheck');
    expect(failure).toContain('Did you mean "user"?');
    expect(failure).toMatch(
      /user is not the same code in the regions: primary new, secondary other\. Make it so: two-region deploy dev --stack api/,
    );
    expect(faked.published).toEqual([]);
    expect(faked.terraform.planned).toEqual([]);
  });

  it('leaves both environments of an unfinished switch as they are: it may be put back to what is idle now (B3)', async () => {
    const faked = stage();
    const begun = '2026-01-01T12:00:00.000Z';
    const record = { id: 'a', kind: 'switch', from: 'envB', to: 'envA', hashes: {}, who: 'ada@here', begun } as const;
    const journal = {
      read: async (): Promise<SwitchJournal> => ({
        version: 1,
        switches: [{ ...record, outcome: 'begun', steps: [] }],
      }),
    };
    const failure = await failureOf(promoteStage(context, { ...faked.ports(), journal }, { functions: ['user'] }));
    expect(failure).toMatch(
      /^RefusedError: The switch of dev from envB to envA .+ is unfinished.+switch dev --revert/s,
    );
    expect(faked.published).toEqual([]);
  });

  it('applies nothing when the code becomes another one before it is published', async () => {
    const faked = stage();
    const ports = faked.ports();
    const primary = ports.publish.primary;
    const publish = {
      ...ports.publish,
      primary: async (name: string, hash: string) => {
        faked.edit('primary', 'user', 'newest');
        return primary(name, hash);
      },
    };
    const failure = await failureOf(promoteStage(context, { ...ports, publish }, { functions: ['user'] }));
    expect(failure).toMatch(/PromoteError: The code became another.+user in the primary region\. Nothing was applied/);
    expect(faked.terraform.planned).toEqual([]);
  });

  it('applies neither region when the code of one has more to deploy than aliases', async () => {
    const more = { 'envB-secondary': { changes: [['aws_api_gateway_deployment', 'create', 'delete'] as const] } };
    const faked = new FakedPromotion({ primary: edited, secondary: edited }, more);
    const failure = await failureOf(promoteStage(context, faked.ports(), { functions: ['user'] }));
    expect(failure).toMatch(
      /Nothing was applied\.\nenvB-secondary has other changes.+replace aws_api_gateway_deployment/s,
    );
    expect(failure).toContain('two-region deploy dev --stack envB-secondary');
    expect(faked.terraform.applied).toEqual([]);
  });

  it('says how to go on when one region fails, and goes on then', async () => {
    const stacks = {
      'envB-secondary': { changes: [['aws_lambda_alias', 'update'] as const], applyFails: 'throttled' },
    };
    const faked = new FakedPromotion({ primary: edited, secondary: edited }, stacks);
    const failure = await promoteStage(context, faked.ports(), { functions: ['user'] }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(PromoteError);
    expect(String(failure)).toMatch(/envB-secondary:\nthrottled.+two-region promote dev user --env envB/s);
    stacks['envB-secondary'].applyFails = '';
    await promoteStage(context, faked.ports(), { functions: ['user'] });
    expect([faked.runs('primary', 'user'), faked.runs('secondary', 'user')]).toEqual([
      'user 2 pinned',
      'user 5 pinned',
    ]);
  });

  it('finds an alias that did not move', async () => {
    const none = { changes: [] };
    const faked = new FakedPromotion(
      { primary: edited, secondary: edited },
      { 'envB-primary': none, 'envB-secondary': none },
    );
    const failure = await failureOf(promoteStage(context, faked.ports(), { functions: ['user'] }));
    expect(failure).toMatch(/user in envB, primary region: runs version 1 \(old\), expected 2 \(new\)\./);
  });
});

describe('promoting without a region that is lost (B16)', () => {
  it.each(['primary', 'secondary'] as const)(
    'publishes, points and calls in the other one alone when %s is lost, and writes down first what that one lacks',
    async (lost) => {
      const left = lost === 'primary' ? 'secondary' : 'primary';
      const faked = stage();
      const ports = faked.ports();
      const gone = fakedLive({ [lost]: { failure: new Error('The lost region was asked.') } }).regions[lost];
      const catchUp = keptCatchUp();
      const called = new Set<string>();
      const promotion = await promoteStage(
        context,
        {
          ...ports,
          without: lost,
          live: { ...ports.live, regions: { ...ports.live.regions, [lost]: gone } },
          publish: { ...ports.publish, [lost]: () => Promise.reject(new Error('The lost region was asked.')) },
          owe: async (decision) => {
            expect(faked.terraform.applied).toEqual([]);
            return owePromotion(catchUp, lost, decision);
          },
          smoke: async (_, { status }, { regionType }) => {
            called.add(regionType);
            return status;
          },
        },
        { functions: ['user'] },
      );
      expect(faked.terraform.applied.map(({ stack }) => stack)).toEqual([`envB-${left}`]);
      expect(faked.runs(left, 'user')).toMatch(/pinned$/);
      expect(faked.runs(lost, 'user')).not.toMatch(/pinned$/);
      expect([...called]).toEqual([left]);
      expect(promotion.functions.map(({ versions }) => Object.keys(versions))).toEqual([[left]]);
      const owed = { kind: 'release', environments: ['envB'] };
      expect(await catchUp.read(lost)).toMatchObject([owed]);
      expect(promotion.catchUp).toEqual([expect.stringContaining('envB is to run user as promoted')]);
      const text = describePromotion(promotion, pc.createColors(false), ` --without ${lost}`);
      expect(text.split('\n')[0]).toMatch(new RegExp(`^function +${left} +code$`));
      expect(text).toContain(`two-region switch dev envB --without ${lost}`);
    },
  );
});
