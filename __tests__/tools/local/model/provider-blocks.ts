import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** An argument of a resource type: `memory_size`, `vpc_config.subnet_ids`, and whether it is a block with arguments of its own. */
interface ProviderArgument {
  readonly path: string;
  readonly isBlock: boolean;
  /** As TypeScript has it: `string`, `boolean | cdktf.IResolvable`, `string[]`. */
  readonly type: string;
}

/** Every argument that the AWS provider has of a type, at any depth, as CDKTF's bindings declare them. */
export function providerArguments(type: string): readonly ProviderArgument[] {
  const root = path.dirname(createRequire(import.meta.url).resolve('@cdktf/provider-aws/package.json'));
  const folder = type.replace(/^aws_/, '').replaceAll('_', '-');
  const text = readFileSync(path.join(root, 'lib', folder, 'index.d.ts'), 'utf8');
  const interfaces = new Map(
    Array.from(text.matchAll(/^export interface (\w+)( extends [\w.]+)? \{\n([\s\S]*?)^\}/gm), (found) => [
      found[2] === undefined ? (found[1] ?? '') : 'configuration',
      found[3] ?? '',
    ]),
  );
  const argumentsOf = (name: string, prefix: string): ProviderArgument[] =>
    Array.from(
      (interfaces.get(name) ?? '').matchAll(/#(\w+) \w+#\1\}[\s\S]*?\*\/\s*readonly \w+\??: ([^;]+);/g),
      ([, argument = '', declared = '']) => {
        const [, block = ''] = /^(\w+)(?:\[\])?(?: \| cdktf\.IResolvable)?$/.exec(declared) ?? [];
        const own = `${prefix}${argument}`;
        const isBlock = interfaces.has(block);
        return [{ path: own, isBlock, type: declared }, ...(isBlock ? argumentsOf(block, `${own}.`) : [])];
      },
    ).flat();
  return argumentsOf('configuration', '');
}
