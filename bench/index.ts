import { spawnSync } from 'node:child_process';
import { root } from './measure.ts';

/*
 * `npm run bench [name …]`: each benchmark in a process of its own, one after the other. Without names all but the page's, which takes ten minutes,
 * or as many as `npm run bench -- page --minutes=3` says.
 */

const benchmarks = [
  'synth',
  'operations',
  'start',
  'saves',
  'runtime',
  'governed',
  'watching',
  'delays',
  'invocations',
  'bundles',
  'replacement',
  'passes',
  'simulation',
];
const known = [...benchmarks, 'page'];
const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const wanted = given.filter((argument) => !argument.startsWith('--'));
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : benchmarks) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `bench/${name}.ts`, ...flags], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
