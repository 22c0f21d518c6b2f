import { expect, it } from 'vitest';
import { firewallQuestion } from '#operator/doctor/run-doctor.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

it('doctor says that nothing stands before the HTTP API unless the edge does (S3.8)', async () => {
  expect(await firewallQuestion(context).look()).toMatchObject({
    outcome: 'ok',
    found: expect.stringContaining('none before the events API, as AWS WAF stands before no HTTP API'),
  });
  const edge = { ...context.settings.edge, state: 'active' as const };
  const covered = await firewallQuestion({ ...context, settings: { ...context.settings, edge } }).look();
  expect(covered.found).toContain('at the edge before both APIs');
});
