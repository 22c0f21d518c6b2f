#!/usr/bin/env node
import { register } from 'tsx/esm/api';

register();
// Which SDK this project runs with is its own matter, not that of whoever gives a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { run } = await import('./program.ts');
process.exitCode = await run(process.argv.slice(2));
