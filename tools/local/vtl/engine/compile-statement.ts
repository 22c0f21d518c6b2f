import type { Branch, Statement } from '#local/vtl/syntax/nodes.ts';
import { compileDirective } from './compile-directive.ts';
import { compileExpression, compileTruth } from './compile-expression.ts';
import { compileAssignment, compileRenderedReference } from './compile-reference.ts';
import type { Compilation, Render } from './macros.ts';

/** Compiles statements, in their order: macros that they declare are known from there on. @throws TemplateError */
export function compileBody(statements: readonly Statement[], compilation: Compilation): Render {
  const parts = statements.map((statement) => compileStatement(statement, compilation));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (scope, out) => {
    for (const render of parts) render(scope, out);
  };
}

function compileStatement(statement: Statement, compilation: Compilation): Render {
  switch (statement.kind) {
    case 'text': {
      const { text } = statement;
      return (_, out) => out.write(text);
    }
    case 'reference':
      return compileRenderedReference(statement, compilation);
    case 'set':
      return compileAssignment(statement.target, compileExpression(statement.value, compilation), compilation);
    case 'if':
      return compileIf(statement.branches, compilation);
    case 'directive':
      return compileDirective(statement, compilation);
  }
}

function compileIf(source: readonly Branch[], compilation: Compilation): Render {
  const branches = source.map(({ condition, body }) => ({
    test: condition && compileTruth(condition, compilation),
    body: compileBody(body, compilation),
  }));
  return (scope, out) => branches.find(({ test }) => !test || test(scope))?.body(scope, out);
}
