import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { startHandler } from './lambda-fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const RESPONSE_MB = 4;
const RESPONSES = 25;

it('keeps no response for the sake of its request id, which spans and events keep (S3.6)', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const usedMb = () => {
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const { invoke } = startHandler(`exports.handler = async () => 'x'.repeat(${RESPONSE_MB}e6)`);
  const ids: unknown[] = [];
  const ask = async () => {
    const result = await invoke();
    if (result.ok) ids.push(result.requestId);
  };
  await ask();
  const before = usedMb();
  for (let turn = 0; turn < RESPONSES; turn++) await ask();
  expect(ids).toHaveLength(RESPONSES + 1);
  expect(usedMb() - before).toBeLessThan((RESPONSE_MB * RESPONSES) / 2);
});
