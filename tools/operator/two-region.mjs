#!/usr/bin/env node
// Whoever reads what is said may have read enough (`| head`): there is nothing more to do then. A command that goes on regardless listens itself.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => {
    if (stream.listenerCount('error') === 1) process.exit();
  });
}

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
