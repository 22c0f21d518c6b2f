const MB = 1024 * 1024;
/** Bytes that headers or a request line may have here, and more would be refused before anybody reads them. */
const LINE = 7_500;

/** Bodies of up to the 10 MB that a REST API takes, each hard on something: nesting, many values, many names, long texts, escapes. */
export const BODIES: Readonly<Record<string, () => string>> = {
  'nested arrays': () => '['.repeat(4 * MB) + ']'.repeat(4 * MB),
  'nested objects': () => `${'{"a":'.repeat(1.5 * MB)}1${'}'.repeat(1.5 * MB)}`,
  'nested to 900, often': () => `[${Array.from({ length: 190 }, () => '['.repeat(900) + ']'.repeat(900)).join(',')}]`,
  'many numbers': () => `[${'1,'.repeat(4 * MB)}1]`,
  'many objects': () => `[${'{},'.repeat(99_000)}{}]`,
  'many names': () => `{${Array.from({ length: 190_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
  'one name, often': () => `{${'"name":"a",'.repeat(190_000)}"name":"b"}`,
  'long text': () => `{"name":"${'x'.repeat(8 * MB)}"}`,
  'escaped text': () => `{"name":"${'\\u0041'.repeat(1.4 * MB)}"}`,
  'quotes in text': () => `{"name":"${'\\"'.repeat(4 * MB)}"}`,
  'text without an end': () => `{"name":"${'\\"'.repeat(4 * MB)}`,
  'long number': () => `{"name":${'9'.repeat(8 * MB)}}`,
  blanks: () => `${' '.repeat(8 * MB)}{`,
  'accents to compose': () => JSON.stringify({ content: 'a\u0301'.repeat(MB), name: 'a\u0301'.repeat(MB) }),
  'words to replace': () => JSON.stringify({ content: 'Amazon '.repeat(MB) }),
};

/** Headers of one request, hard on who splits, matches or decodes them. */
export const HEADERS: Readonly<Record<string, readonly (readonly [name: string, value: string])[]>> = {
  'many headers': Array.from({ length: 300 }, (_, at) => [`x-${at}`, 'y'] as const),
  cookies: [['cookie', Array.from({ length: 700 }, (_, at) => `a${at}=1`).join('; ')]],
  'accepted types': [['accept', 'a/b;q=0.1,'.repeat(LINE / 10)]],
  'content type with blanks': [['content-type', `application/json${' '.repeat(LINE)}x`]],
  'signed headers': [
    [
      'authorization',
      `AWS4-HMAC-SHA256 Credential=A/20260101/eu-central-1/execute-api/aws4_request, SignedHeaders=${'a;'.repeat(LINE / 3)}, Signature=${'0'.repeat(64)}`,
    ],
  ],
  'credentials, often': [['authorization', `AWS4-HMAC-SHA256 ${'Credential=A, '.repeat(LINE / 14)}`]],
  'signature with blanks': [['authorization', `AWS4-HMAC-SHA256${' '.repeat(LINE)}x`]],
  'token of dots': [['authorization', `Bearer ${'a.'.repeat(LINE / 2)}`]],
  'origin of dots': [['origin', `https://${'a.'.repeat(LINE / 2)}b`]],
  'forwarded addresses': [['x-forwarded-for', '1.1.1.1, '.repeat(LINE / 9)]],
  'trace, often': [['x-amzn-trace-id', 'Root=1-a;'.repeat(LINE / 9)]],
};

/** Query strings. */
export const QUERIES: Readonly<Record<string, string>> = {
  'many parameters': Array.from({ length: 1_500 }, (_, at) => `a=${at % 10}`).join('&'),
  'percent signs': '%'.repeat(LINE),
  'escaped percent signs': '%25'.repeat(LINE / 3),
  pluses: `a=${'+'.repeat(LINE)}`,
  ampersands: '&'.repeat(LINE),
  brackets: `a${'[b]'.repeat(LINE / 3)}=1`,
  'long token': `nextToken=${'A'.repeat(LINE)}`,
};

/** Requests to the services of the fake AWS, by target of their JSON protocols: expressions, names and values in number and depth. */
export const AWS_BODIES: Readonly<
  Record<string, { readonly service: 'dynamodb' | 'ssm'; readonly target: string; readonly body: () => string }>
> = {
  'nested item': dynamodb('PutItem', () => put(`${'{"L":['.repeat(200_000)}${']}'.repeat(200_000)}`)),
  'item of many names': dynamodb('PutItem', () =>
    put(`{"M":{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":{"S":""}`).join(',')}}}`),
  ),
  'long number in an item': dynamodb('PutItem', () => put(`{"N":"${'9'.repeat(MB)}"}`)),
  'brackets without end in an expression': dynamodb('Scan', () =>
    scan(`${'('.repeat(2_000)}a = :a${')'.repeat(2_000)}`),
  ),
  'brackets in an expression': dynamodb('Scan', () => scan(`${'('.repeat(5)}a = :a${' AND a = :a)'.repeat(5)}`)),
  'long condition': dynamodb('Scan', () => scan(Array.from({ length: 400 }, () => 'a = :a').join(' OR '))),
  'expression of blanks': dynamodb('Scan', () => scan(`a${' '.repeat(4_000)}`)),
  'names of parameters': {
    service: 'ssm',
    target: 'AmazonSSM.GetParameters',
    body: () => JSON.stringify({ Names: Array.from({ length: 100_000 }, (_, at) => `/a/${at}`) }),
  },
  'path of parameters': {
    service: 'ssm',
    target: 'AmazonSSM.GetParametersByPath',
    body: () => JSON.stringify({ Path: '/a'.repeat(MB), Recursive: true }),
  },
};

function dynamodb(operation: string, body: () => string) {
  return { service: 'dynamodb' as const, target: `DynamoDB_20120810.${operation}`, body };
}

const TABLE = 'two-region-api-dev-user';

function put(value: string): string {
  return `{"TableName":"${TABLE}","Item":{"id":{"S":"a"},"value":${value}}}`;
}

function scan(filter: string): string {
  return JSON.stringify({
    TableName: TABLE,
    FilterExpression: filter,
    ExpressionAttributeValues: { ':a': { S: 'a' } },
  });
}
