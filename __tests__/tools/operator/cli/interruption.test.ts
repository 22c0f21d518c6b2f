import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { standIn } from '#tests/tools/operator/terraform/stand-in.ts';

const room = new URL('../../../../tools/operator/', import.meta.url).href;

describe('Ctrl-C', () => {
  it('reaches Terraform once, although a terminal signals the whole process group and the user is impatient', async () => {
    const command = await standIn(`
process.on('SIGINT', () => { note('SIGINT'); setTimeout(() => process.exit(0), 600); });
setInterval(() => undefined, 1000);
console.log('ready');`);
    const script = `
import { listenForInterruption } from '${room}cli/interruption.ts';
import { runTerraform } from '${room}terraform/terraform-process.ts';
const { signal } = listenForInterruption((message) => console.log(message));
const options = { folder: ${JSON.stringify(command.stack.folder)}, environment: process.env, signal, onLine: (line) => console.log(line) };
const { exitCode } = await runTerraform(['apply'], options);
console.log('ended with ' + exitCode);
process.exit(0);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, TERRAFORM_BINARY_NAME: command.binary },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const lines: string[] = [];
    const groupSignal = () => process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line === 'ready' || line.startsWith('Interrupted')) groupSignal();
    });
    await once(child, 'close');
    expect(lines).toEqual([
      'ready',
      expect.stringMatching(/^Interrupted: .+releases its lock/),
      expect.stringMatching(/^Still waiting/),
      'ended with 0',
    ]);
    expect(await command.calls()).toEqual(['apply', 'SIGINT']);
    await command.remove();
  });
});
