import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { type FunctionTable, text, unary } from '#local/terraform/expression/functions/function-definition.ts';
import { normalText } from '#local/terraform/expression/value/text.ts';
import { objectOf } from '#local/terraform/expression/value/type.ts';
import { Mapping, Sequence, type Value } from '#local/terraform/expression/value/value.ts';

/** Source: Terraform, "csvdecode". */
export const csvFunctions: FunctionTable = { csvdecode: unary(text, decodeCsv) };

function decodeCsv(given: string): Value {
  const [names, ...records] = readRecords(given);
  if (!names) throw new ExpressionError('the header line is missing');
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) throw new ExpressionError(`the column ${JSON.stringify(twice)} stands twice`);
  const rows = records.map((record, position) => {
    if (record.length !== names.length) {
      throw new ExpressionError(
        `record ${position + 1} has ${record.length} fields; the header line has ${names.length}`,
      );
    }
    return Mapping.object(names.map((name, column) => [name, normalText(record[column] ?? '')] as const));
  });
  return Sequence.list(objectOf(names.map((name) => [name, 'string'] as const)), rows);
}

/** Records of RFC 4180. Empty lines are skipped, and a quote within a field that is not quoted is refused, as by Go's reader. */
function readRecords(given: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let position = 0;
  const lineEnd = () => (given.startsWith('\r\n', position) ? 2 : given[position] === '\n' ? 1 : 0);
  while (position < given.length) {
    const empty = lineEnd();
    if (empty > 0) {
      position += empty;
      continue;
    }
    const record: string[] = [];
    for (;;) {
      const field = given[position] === '"' ? readQuoted(given, position) : readPlain(given, position);
      record.push(field.text);
      position = field.end;
      if (given[position] !== ',') break;
      position += 1;
    }
    position += lineEnd();
    records.push(record);
  }
  return records;
}

function readPlain(given: string, start: number): { text: string; end: number } {
  const found = /[^,\n]*/y;
  found.lastIndex = start;
  const raw = found.exec(given)?.[0] ?? '';
  // A carriage return belongs to the line's end.
  const plain = raw.endsWith('\r') && given[start + raw.length] !== ',' ? raw.slice(0, -1) : raw;
  if (plain.includes('"')) throw new ExpressionError(`got a quote in the field ${plain}, which is not quoted`);
  return {
    text: plain,
    end: start + plain.length + (given[start + plain.length] === '\r' && start + raw.length === given.length ? 1 : 0),
  };
}

function readQuoted(given: string, start: number): { text: string; end: number } {
  const found = /"((?:[^"]|"")*)"/y;
  found.lastIndex = start;
  const [whole, inner] = found.exec(given) ?? [];
  if (whole === undefined || inner === undefined) throw new ExpressionError('a quoted field is not closed');
  const end = start + whole.length;
  if (end < given.length && given[end] !== ',' && given[end] !== '\n' && !given.startsWith('\r\n', end)) {
    throw new ExpressionError(`got text after the quoted field ${whole}`);
  }
  return { text: inner.replaceAll('""', '"').replaceAll('\r\n', '\n'), end };
}
