export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

/** A composite alarm's rule: whether it holds, by the states of the region's other alarms. */
export type AlarmRule = (stateOf: (name: string) => AlarmState | undefined) => boolean;

const TOKEN = /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)|(AND|OR|NOT|TRUE|FALSE|\(|\)))/y;

/** A word of a rule, or a question for an alarm's state. */
type Token = string | { readonly state: string; readonly name: string };

/**
 * Compiles a rule: `ALARM(name)`, `OK(name)`, `INSUFFICIENT_DATA(name)`, `TRUE`, `FALSE`, `NOT`, `AND`, `OR` and parentheses. Names may be ARNs.
 *
 * Source: Amazon CloudWatch API Reference, PutCompositeAlarm, AlarmRule.
 *
 * @throws Error for anything else
 */
export function compileRule(rule: string): AlarmRule {
  const tokens = tokensOf(rule);
  let at = 0;
  const take = () => {
    const token = tokens[at];
    if (token === undefined) throw unknown(rule);
    at += 1;
    return token;
  };
  const chain = (word: string, operand: () => AlarmRule, join: (one: boolean, other: () => boolean) => boolean) => {
    let left = operand();
    while (tokens[at] === word) {
      at += 1;
      const [one, other] = [left, operand()];
      left = (stateOf) => join(one(stateOf), () => other(stateOf));
    }
    return left;
  };
  const any = (): AlarmRule => chain('OR', all, (one, other) => one || other());
  const all = (): AlarmRule => chain('AND', single, (one, other) => one && other());
  const single = (): AlarmRule => {
    const token = take();
    if (typeof token === 'object') return (stateOf) => stateOf(token.name) === token.state;
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE';
    if (token === 'NOT') {
      const inner = single();
      return (stateOf) => !inner(stateOf);
    }
    if (token !== '(') throw unknown(rule);
    const inner = any();
    if (take() !== ')') throw unknown(rule);
    return inner;
  };
  const compiled = any();
  if (at < tokens.length) throw unknown(rule);
  return compiled;
}

function tokensOf(rule: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = rule.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, state, quoted, plain, word] = TOKEN.exec(text) ?? [];
    const name = quoted ?? plain;
    if (state !== undefined && name !== undefined) tokens.push({ state, name: name.replace(/^arn:.+:alarm:/, '') });
    else if (word !== undefined) tokens.push(word);
    else throw unknown(rule);
  }
  return tokens;
}

function unknown(rule: string): Error {
  return new Error(`This rule of a composite alarm cannot be read: ${rule}`);
}
