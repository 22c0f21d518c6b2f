// Runs in a fresh process: loads a handler (argument 1), calls it once with the event (argument 2) and prints what it took as JSON.
import { createRequire } from 'node:module';

const [file, event, context] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const started = performance.now();
const { handler } = require(file);
const loaded = performance.now();
const result = await handler(JSON.parse(event), JSON.parse(context));
const ended = performance.now();
console.log(JSON.stringify({ result, importMs: loaded - started, totalMs: ended - started }));
process.exit();
