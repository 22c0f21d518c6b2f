import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Lambda hands a function its role's credentials in environment variables, so the rest of the SDK's default chain (profiles, SSO, instance
 * metadata) can't be reached there: leaving it out saves about 90 KB.
 *
 * Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
 */
export const credentialsFromEnvironment: Plugin = {
  name: 'credentials-from-environment',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, () => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
    }));
  },
};

/**
 * The SDK's clients declare the shapes of all their commands as arrays, whose computed keys keep esbuild from dropping the unused ones.
 * Declared as pure calls they go: about 57 KB of S3. A declaration that looks different stays as it is.
 */
export const unusedShapesDropped: Plugin = {
  name: 'unused-shapes-dropped',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(/^(export var \w+\$ = )(\[[^;]*\]);$/gm, '$1/* @__PURE__ */ (() => $2)();') };
    });
  },
};
