import { type JavaObject, textOf } from '#local/vtl/java/value.ts';
import { MAX_MACRO_DEPTH } from '#local/vtl/limits.ts';
import type { Argument, Directive } from '#local/vtl/syntax/nodes.ts';
import { imageOf, sourceOf } from '#local/vtl/syntax/token.ts';
import { Block } from './block.ts';
import { compileArgument } from './compile-expression.ts';
import { compileForeach } from './compile-foreach.ts';
import { compileBody } from './compile-statement.ts';
import { LoopScope } from './loop-scope.ts';
import { Compilation, type Render } from './macros.ts';
import { StopCommand } from './rendering.ts';
import { MacroScope } from './scope.ts';

const NEAREST = new StopCommand();
const WHOLE = new StopCommand('template');

/** How often `#define` may be within itself: Velocity's `define.maxdepth`. */
const MAX_DEFINE_DEPTH = 2;

/** @throws TemplateError for arguments that a directive doesn't take */
export function compileDirective(directive: Directive, compilation: Compilation): Render {
  const { name } = directive;
  switch (name) {
    case 'foreach':
      return compileForeach(directive, compilation);
    case 'break':
      return compileBreak(directive, compilation);
    case 'stop':
      if ((directive.args ?? []).length > 1) throw compilation.error('#stop takes one argument at most', directive);
      return () => {
        throw WHOLE;
      };
    case 'macro':
      return declareMacro(directive, compilation);
    case 'define':
      return compileDefine(directive, compilation);
    case 'evaluate':
      return compileEvaluate(directive, compilation);
    case 'literal':
      return compileLiteral(directive, compilation);
    case 'include':
    case 'parse':
      if (name === 'include' && (directive.args ?? []).length === 0) return () => undefined;
      return () => {
        throw compilation.error(`API Gateway has no files, and so no #${name}`, directive);
      };
    default:
      return name.startsWith('@') ? compileBlockCall(directive, compilation) : compileCall(directive, compilation);
  }
}

function compileBreak(directive: Directive, compilation: Compilation): Render {
  const [argument, more] = directive.args ?? [];
  if (more) throw compilation.error('#break takes one argument at most', directive);
  if (!argument) {
    return () => {
      throw NEAREST;
    };
  }
  const evaluate = compileArgument(argument, compilation);
  return (scope) => {
    const loop = evaluate(scope);
    if (!(loop instanceof LoopScope)) throw compilation.error('#break got something that is no $foreach', directive);
    throw new StopCommand(loop);
  };
}

function declareMacro({ args = [], body = [] }: Directive, compilation: Compilation): Render {
  const [name = '', ...parameters] = args.map((argument, at) => {
    compileArgument(argument, compilation);
    const { image } = argument.first;
    return at > 0 && image.startsWith('$') ? image.slice(1) : image;
  });
  compilation.macros.add(name, { parameters, body: compileBody(body, compilation) });
  return () => undefined;
}

function compileDefine(directive: Directive, compilation: Compilation): Render {
  const [argument, more] = directive.args ?? [];
  if (!argument || more || !directive.body)
    throw compilation.error('a #define takes one argument, its name', directive);
  const name = argument.first.image.slice(1);
  const body = compileBody(directive.body, compilation);
  return (scope) => scope.put(name, new Block(scope, body, MAX_DEFINE_DEPTH));
}

function compileEvaluate(directive: Directive, compilation: Compilation): Render {
  const [argument, more] = directive.args ?? [];
  if (!argument || more || (argument.kind !== 'string' && argument.kind !== 'reference'))
    throw compilation.error('#evaluate takes one argument, a text or a reference', directive);
  const evaluate = compileArgument(argument, compilation);
  return (scope, out) => {
    const value = evaluate(scope);
    const source = value === null ? '' : textOf(value);
    const evaluated = new Compilation(source, scope.rendering.macros);
    const render = compileBody(evaluated.statements, evaluated);
    scope.rendering.evaluate(source.length, () => {
      try {
        render(scope, out);
      } catch (error) {
        if (!(error instanceof StopCommand) || !error.isFor('template')) throw error;
      }
    });
  };
}

/** `#literal()`: its body as it is written. */
function compileLiteral({ args = [], block, ...directive }: Directive, compilation: Compilation): Render {
  const [argument] = args;
  const span = argument ?? block;
  if (!span) throw compilation.error('a #literal is empty', directive);
  const text = sourceOf(span);
  return (_, out) => out.write(text);
}

/** A macro's call. What no macro is declared for, if only later, is text. */
function compileCall(directive: Directive, compilation: Compilation): Render {
  const source = imageOf(directive);
  const call = prepareCall(directive.name, directive.args ?? [], directive, compilation);
  return (scope, out) => {
    if (!call(scope, out)) out.write(source);
  };
}

/** `#@name(…)`, whose body is the macro's `$bodyContent`. */
function compileBlockCall(directive: Directive, compilation: Compilation): Render {
  if (!directive.body) return (_, out) => out.write(`#${directive.name}`);
  const source = imageOf(directive);
  const call = prepareCall(directive.name.slice(1), directive.args ?? [], directive, compilation);
  const body = compileBody(directive.body, compilation);
  return (scope, out) => {
    if (!call(scope, out, new Block(scope, body, MAX_MACRO_DEPTH))) out.write(source);
  };
}

type Call = (...args: [...Parameters<Render>, content?: JavaObject]) => boolean;

/** @returns false when there is no such macro */
function prepareCall(name: string, args: readonly Argument[], directive: Directive, compilation: Compilation): Call {
  const prepared = args.map((argument) => prepareArgument(argument, compilation));
  const word = args.find(({ kind }) => kind === 'word');
  return (scope, out, content) => {
    const macro = scope.rendering.macros.get(name);
    if (!macro) return false;
    if (word) throw compilation.error(`the macro #${name} takes no bare word`, word);
    const inner = new MacroScope(scope);
    macro.parameters.forEach((parameter, at) => {
      const argument = prepared[at];
      if (argument?.constant) inner.putLocal(parameter, argument.evaluate(scope));
      else if (argument) inner.bind(parameter, argument);
    });
    if (content) inner.putLocal('bodyContent', content);
    try {
      scope.rendering.call(() => macro.body(inner, out));
    } catch (error) {
      if (!(error instanceof StopCommand) || !error.isFor(directive)) throw error;
    }
    return true;
  };
}

function prepareArgument(argument: Argument, compilation: Compilation) {
  return {
    evaluate: compileArgument(argument, compilation),
    source: sourceOf(argument),
    constant: ['integer', 'decimal', 'boolean', 'word'].includes(argument.kind),
  };
}
