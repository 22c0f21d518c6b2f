const NAMED: Readonly<Record<string, string>> = { '\b': '\\b', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\r': '\\r' };

/**
 * `$util.escapeJavaScript`: quotes (the single one, too), backslash and slash get a backslash; control and non-ASCII characters become
 * `\uXXXX`.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", "$util functions"; Apache Commons Lang,
 * `StringEscapeUtils.escapeJavaScript`.
 */
export function escapeJavaScript(text: string): string {
  return text.replace(/[^ !#-&(-.0-[\]-\x7f]/g, (character) => {
    if (/['"\\/]/.test(character)) return `\\${character}`;
    return NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
