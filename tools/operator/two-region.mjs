#!/usr/bin/env node
import { compiledProgram } from './compiled-program.mjs';

process.setSourceMapsEnabled(true);
// Which SDK this project runs with is its own matter, not that of whoever gives a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { run } = await compiledProgram();
process.exitCode = await run(process.argv.slice(2));
