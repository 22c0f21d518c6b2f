import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '#operator/cli/prompt.ts';
import { askValues } from '#operator/parameters/ask-values.ts';
import { oneValue, readText, severalValues } from '#operator/parameters/read-values.ts';
import { context, validValues } from './stores.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'two-region-values-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('values out of a file', () => {
  it('are taken whole: several lines, unicode, all but the line end at the end', () => {
    expect(oneValue('{\n "ä": "😀"\n}\n')).toBe('{\n "ä": "😀"\n}');
    expect(oneValue('a\r\n')).toBe('a');
    expect(oneValue('a\n\n')).toBe('a\n');
    expect(severalValues('{"a": "x\\ny", "map": {"colour": "color"}}', 'f')).toEqual(
      new Map([
        ['a', 'x\ny'],
        ['map', '{"colour":"color"}'],
      ]),
    );
  });

  it.each([
    ['{"api_key": "hunter2-hunter2",\n oops}', /values\.json:2 is not valid JSON/],
    ['["hunter2"]', /holds no JSON object/],
    ['{"api_key": 12, "b": null, "c": ["hunter2"]}', /api_key: got a number.+b: got null.+c: got a list/s],
  ])('are refused without a word of what %j holds', (text, message) => {
    const failing = () => severalValues(text, 'values.json');
    expect(failing).toThrow(message);
    expect(failing).not.toThrow(/hunter2/);
  });

  it('must be readable and UTF-8', async () => {
    const file = join(directory, 'latin1.txt');
    await writeFile(file, Buffer.from([0x6e, 0xe4]));
    await expect(readText(file)).rejects.toThrow(/is not UTF-8/);
    await expect(readText(join(directory, 'none'))).rejects.toThrow(/cannot be read \(ENOENT\)/);
  });
});

describe('values by prompt', () => {
  const ask = (answers: Readonly<Record<string, string>>, questions: Question[] = []) => {
    return async (question: Question) => {
      questions.push(question);
      return answers[question.message.split(':')[0] ?? ''] ?? '';
    };
  };

  it('hide secrets, show what else is set, and leave alone what is not answered', async () => {
    const questions: Question[] = [];
    const current = new Map([...validValues].filter(([name]) => name !== 'alarm_email'));
    const answers = { hosted_zone_id: 'ZNEW' };
    const values = await askValues(ask(answers, questions), context.settings.parameters, context.settings, current);
    expect(values).toEqual(new Map([['hosted_zone_id', 'ZNEW']]));
    const about = (name: string) => questions.find(({ message }) => message.startsWith(`${name}:`));
    expect(about('api_key')).toMatchObject({ hidden: true, placeholder: 'Enter keeps the present value' });
    expect(about('domain_name')).toMatchObject({
      hidden: false,
      placeholder: `Enter keeps ${validValues.get('domain_name')}`,
    });
    expect(about('alarm_email')).toMatchObject({ placeholder: 'Enter leaves it unset' });
    expect(JSON.stringify(questions)).not.toContain(validValues.get('api_key'));
  });

  it('are checked while they are asked for', async () => {
    const questions: Question[] = [];
    await askValues(ask({}, questions), ['hosted_zone_id'], context.settings, new Map());
    expect(questions[0]?.problem('zone')).toMatch(/allowed: a hosted zone id/);
    expect(questions[0]?.problem('Z123')).toBeUndefined();
    expect(questions[0]?.problem('')).toBeUndefined();
  });
});
