#!/usr/bin/env node
// Imported one after the other: an old Node.js does not even read the second.
import('./requirements.mjs')
  .then(() => import('./compiled-program.mjs'))
  .then(({ compiledProgram }) => {
    process.setSourceMapsEnabled(true);
    // Which SDK this project runs with is its own matter, not that of whoever gives a command.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED =
      process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED || 'true';
    return compiledProgram();
  })
  .then(({ run }) => run(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
