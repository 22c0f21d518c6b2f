// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.mjs';

/**
 * Loads the export that a handler name such as `index.handler` means, in Lambda's order: no extension, `.js`, `.mjs`, `.cjs`. A `.js` file is
 * an ECMAScript module only where a package.json inside the package says so: those outside it do not exist in Lambda.
 *
 * @param {string} taskRoot - folder of the unpacked package
 * @param {string} name
 * @param {string} [sourceMapUrl] - what debuggers are told of the package's `index.js`
 * @returns {Promise<import('./invoke.mjs').Handler>}
 * @throws {RuntimeError} of Lambda's types, or what the module throws
 */
export async function loadHandler(taskRoot, name, sourceMapUrl) {
  const [, moduleName, path] = /^([^.]+)\.(.+)$/.exec(basename(name)) ?? [];
  if (name.includes('..') || moduleName === undefined || path === undefined) {
    throw new RuntimeError('MalformedHandlerName', `Bad handler ${JSON.stringify(name)}: allowed is "file.export".`);
  }
  /** @type {unknown} */
  let value = await loadModule(taskRoot, resolve(taskRoot, dirname(name), moduleName), sourceMapUrl);
  for (const key of path.split('.'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof value === 'function') return /** @type {import('./invoke.mjs').Handler} */ (value);
  const problem = value === undefined ? 'is undefined or not exported' : 'is not a function';
  throw new RuntimeError('HandlerNotFound', `${name} ${problem}`);
}

/**
 * @param {string} taskRoot
 * @param {string} path - absolute, without extension
 * @param {string | undefined} sourceMapUrl
 */
async function loadModule(taskRoot, path, sourceMapUrl) {
  const require = createRequire(join(taskRoot, 'package.json'));
  compileAsCommonJs(require, taskRoot, sourceMapUrl);
  try {
    const file = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find((each) => existsSync(each));
    if (file === undefined)
      throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${basename(path)}'`);
    const isModule = file.endsWith('.mjs') || (file.endsWith('.js') && isModuleScope(taskRoot, file));
    return isModule ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RuntimeError) throw error;
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error), error.stack);
    const code = 'code' in error ? error.code : undefined;
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new RuntimeError('ImportModuleError', String(error), error.stack);
  }
}

/**
 * Makes `require` take the package's `.js` files as CommonJS even where a folder above the package declares `"type": "module"`.
 *
 * @param {NodeJS.Require} require
 * @param {string} taskRoot
 * @param {string | undefined} sourceMapUrl
 */
function compileAsCommonJs(require, taskRoot, sourceMapUrl) {
  const byDefault = require.extensions['.js'];
  require.extensions['.js'] = (module, file) => {
    /** @type {object} */
    const compiler = module;
    const ofPackage = file.startsWith(taskRoot + sep) && !isModuleScope(taskRoot, file);
    if (!ofPackage || !compiles(compiler)) return byDefault(module, file);
    const code = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    // The package itself stays what is deployed.
    const isMapped = sourceMapUrl !== undefined && sourceMapUrl !== 'none' && file === join(taskRoot, 'index.js');
    compiler._compile(isMapped ? `${code}\n//# sourceMappingURL=${sourceMapUrl}` : code, file);
  };
}

/** @typedef {{ _compile: (code: string, file: string) => void }} Compiler */

/**
 * @param {object} value
 * @returns {value is Compiler}
 */
function compiles(value) {
  return '_compile' in value && typeof value._compile === 'function';
}

/**
 * @param {string} taskRoot
 * @param {string} file
 */
function isModuleScope(taskRoot, file) {
  for (let folder = dirname(file); folder.length >= taskRoot.length; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (folder === dirname(folder)) break;
  }
  return false;
}
