import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { InvokeResult } from '#local/lambda/invoke-result.ts';
import { createLambda, type LambdaOptions, type LambdaService } from '#local/lambda/lambda.ts';
import type { LambdaFunction } from '#local/model/model.ts';

export const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:example';

/** Writes a package, file name → text, to a folder that is removed after the test. */
export function writePackage(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'two-region-lambda-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A function with two aliases on version 3 and one on `$LATEST`. */
export function exampleFunction(overrides: Partial<LambdaFunction> & { readonly source: string }): LambdaFunction {
  return {
    name: 'example',
    arn: functionArn,
    handler: 'index.handler',
    codeSha256: '',
    version: '3',
    memoryMb: 256,
    timeoutSeconds: 20,
    environment: {},
    roleArn: 'arn:aws:iam::123456789012:role/example',
    logGroup: '/aws/lambda/example',
    aliases: [
      { name: 'envA', functionVersion: '3' },
      { name: 'envB', functionVersion: '3' },
      { name: 'preview', functionVersion: '$LATEST' },
    ],
    permissions: [],
    ...overrides,
  };
}

/** The service of one function, closed after the test. */
export function startLambda(
  lambdaFunction: LambdaFunction,
  options: Partial<LambdaOptions> = {},
): { readonly service: LambdaService; readonly log: RuntimeLog } {
  const log = new RuntimeLog();
  const service = createLambda({
    functions: [lambdaFunction],
    region: 'eu-central-1',
    regionType: 'primary',
    endpointEnvironment: {},
    credentialsFor: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }),
    log,
    ...options,
  });
  onTestFinished(() => service.close());
  return { service, log };
}

/** A service for the source text of `index.js`, and a shorthand that invokes it through `envA`. */
export function startHandler(
  source: string,
  overrides: Partial<LambdaFunction> = {},
  options: Partial<LambdaOptions> = {},
): {
  readonly service: LambdaService;
  readonly log: RuntimeLog;
  readonly invoke: (payload?: unknown) => Promise<InvokeResult>;
} {
  const folder = writePackage({ 'index.js': source });
  const { service, log } = startLambda(exampleFunction({ source: folder, ...overrides }), options);
  return {
    service,
    log,
    invoke: (payload = {}) =>
      service.invoke({ functionName: 'example', qualifier: 'envA', payload: JSON.stringify(payload) }),
  };
}

/** Lines that the function logged, of one request when it is named. */
export function functionLines(log: RuntimeLog, requestId?: string): string[] {
  return log
    .query(({ kind }) => kind === 'function')
    .flatMap((event) =>
      event.kind === 'function' && event.requestId === (requestId ?? event.requestId) ? [event.line] : [],
    );
}

/** Whether there is a process of that id. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
