const POSIX: Readonly<Record<string, string>> = {
  Alnum: 'a-zA-Z0-9',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  Upper: 'A-Z',
};

/**
 * Compiles a selection pattern: a regular expression of Java's that must match the whole text. Java's own ways to write it are translated:
 * flags in front (`(?is)`), `\Q…\E`, `\A`, `\z`, `\Z` and the classes `\p{Alpha}` …; `.` stops at line ends, as in Java.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up an integration response in API Gateway"; java.util.regex.Pattern.
 *
 * @returns `undefined` when JavaScript has no such expression
 */
export function compileSelectionPattern(pattern: string): RegExp | undefined {
  const [lead = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(lead.length)
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, quoted: string) => quoted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .replace(/\\([AZz])/g, (_, anchor: string) => (anchor === 'A' ? '^' : '$'))
    .replace(/(\[[^\]]*)?\\p\{(\w+)\}/g, (whole: string, inClass: string | undefined, name: string) => {
      const characters = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
      if (characters === undefined) return whole;
      return inClass === undefined ? `[${characters}]` : `${inClass}${characters}`;
    });
  // `\p{L}` needs the mode `u`, in which other escapes that Java allows are errors.
  for (const mode of source.includes('\\p{') ? ['u', ''] : ['']) {
    try {
      return new RegExp(`^(?:${source})$`, flags + mode);
    } catch {
      // Tried without the mode, then given up.
    }
  }
  return undefined;
}
