import { afterEach, describe, expect, it, vi } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode, exitCodeOf } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a command prints, and the exit code and error that it ends with. */
async function told(command: () => Promise<void>) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void stdout.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void stderr.push(text));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text).trimEnd()) > 0);
  const error: unknown = await command().then(
    () => undefined,
    (problem: unknown) => problem,
  );
  vi.restoreAllMocks();
  return { stdout, stderr, error, code: error === undefined ? 0 : exitCodeOf(error) };
}

const found = { stage: 'dev', differences: ['one'] };
const text: CommandReport<typeof found>['text'] = ({ differences }) => `${differences.length} differences`;
const work = async ({ view }: Surroundings) => {
  view.phase('reading');
  view.line('half of it');
  return found;
};

describe('running a command', () => {
  it('prints its report on stdout and its progress on stderr', async () => {
    expect(await told(() => runCommand({}, work, { text }))).toEqual({
      stdout: ['1 differences'],
      stderr: ['reading …', 'half of it'],
      error: undefined,
      code: 0,
    });
  });

  it('prints one document with --json: the result, or what the report makes of it', async () => {
    const { stdout, stderr } = await told(() => runCommand({ json: true }, work, { text }));
    expect([stdout, stderr]).toEqual([[JSON.stringify(found)], ['reading …', 'half of it']]);
    const document = ({ stage }: typeof found) => ({ stage });
    expect((await told(() => runCommand({ json: true }, work, { text, document }))).stdout).toEqual([
      '{"stage":"dev"}',
    ]);
  });

  it('ends with the exit code that the result means, and says what else there is to say on stderr', async () => {
    const report: CommandReport<typeof found> = {
      text,
      remark: ({ stage }) => `Repair it: two-region params sync ${stage}`,
      exitCode: ({ differences }) => (differences.length > 0 ? ExitCode.Usage : ExitCode.Done),
    };
    for (const json of [true, false]) {
      const { stdout, stderr, code } = await told(() => runCommand({ json }, work, report));
      expect([stdout.length, stderr.at(-1), code]).toEqual([1, 'Repair it: two-region params sync dev', 2]);
    }
  });

  it('leaves stdout empty where the report has no text', async () => {
    expect((await told(() => runCommand({}, work, { text: () => undefined }))).stdout).toEqual([]);
  });

  it('throws the error that a result is: after the text, or instead of the document, which tells it with the result', async () => {
    class ChecksError extends RefusedError {
      constructor(readonly report: object) {
        super('one check failed');
      }
    }
    const failing = { text, failure: (result: object) => new ChecksError(result) };
    const plain = await told(() => runCommand({}, work, failing));
    expect([plain.stdout, plain.code]).toEqual([['1 differences'], 2]);
    const json = await told(() => runCommand({ json: true }, work, failing));
    expect([json.stdout, json.error]).toEqual([[], expect.objectContaining({ report: found })]);
  });

  it('gives back what was opened, the last first, when the work ends and when it fails', async () => {
    const closed: string[] = [];
    const opening = async ({ atEnd }: Surroundings) => {
      atEnd(() => void closed.push('lock'));
      atEnd(async () => void closed.push('terraform'));
      return found;
    };
    await told(() => runCommand({}, opening, { text }));
    const failing = async (surroundings: Surroundings) => {
      await opening(surroundings);
      throw new RefusedError('no');
    };
    const { stdout, error } = await told(() => runCommand({ json: true }, failing, { text }));
    expect([stdout, error]).toEqual([[], expect.any(RefusedError)]);
    expect(closed).toEqual(['terraform', 'lock', 'terraform', 'lock']);
  });
});

describe('running a command in a stage', () => {
  it('gives the work the settings of the stage', async () => {
    const report = { text: (name: string) => name };
    const { stdout } = await told(() => runInStage('dev', {}, async ({ stage }) => stage, report));
    expect(stdout).toEqual(['dev']);
  });

  it('refuses a stage that the settings lack before anything is done', async () => {
    const never = vi.fn(async () => 'done');
    const { code, error } = await told(() => runInStage('nope', {}, never, { text: (done) => done }));
    expect([code, error, never.mock.calls]).toEqual([2, expect.objectContaining({ name: 'SettingsError' }), []]);
  });

  it('says whose credentials were refused, and ends with 3', async () => {
    const refused = () => Promise.reject(Object.assign(new Error('expired'), { name: 'ExpiredToken' }));
    const { code, error } = await told(() => runInStage('dev', {}, refused, { text: () => '' }));
    expect([code, String(error)]).toEqual([
      3,
      expect.stringMatching(/^CredentialsError: AWS credentials of stage dev /),
    ]);
  });
});
