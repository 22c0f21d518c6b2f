/** How a server differs from others where bytes are concerned. */
interface Expected {
  /** Path of an open route for any method, or for GET at least. */
  readonly path: string;
  /** The response to a request for a host that is none of the server's, or for none. */
  readonly foreignHost: RegExp;
  /** The response to a request for no path. */
  readonly asterisk: RegExp;
}

/** What a client may send that is no request, or hardly one, and the response that it ends in. */
export function hostileBytes({ path, foreignHost, asterisk }: Expected): [string, string | Buffer, RegExp][] {
  return [
    ['no HTTP at all', Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x00]), /^HTTP\/1\.1 400 /],
    ['no version, which makes it HTTP 0.9', `GET ${path}\r\n\r\n`, foreignHost],
    ['an empty host', `GET ${path} HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n`, foreignHost],
    ['no host', `GET ${path} HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['a method that is no token', `G{T ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['a header without a colon', `GET ${path} HTTP/1.1\r\nHost: localhost\r\nbroken\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['a NUL in a header', `GET ${path} HTTP/1.1\r\nHost: localhost\r\na: \0\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [
      'two lengths',
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length beside chunks (request smuggling)',
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a chunk without a size',
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      /(?:^|\})HTTP\/1\.1 400 /,
    ],
    [
      'a length that is no number',
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n`,
      /^HTTP\/1\.1 400 /,
    ],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'far too large headers',
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\na: ${'x'.repeat(200_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      'two hosts',
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 400 /,
    ],
    ['the asterisk', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', asterisk],
    [
      'an absolute URL',
      `GET http://evil.example${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      foreignHost,
    ],
    [
      'data after the last request',
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\ngarbage`,
      /^HTTP\/1\.1 200 OK(?![\s\S]*HTTP\/1\.1)/,
    ],
    [
      'garbage behind a request',
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n\0\0\0`,
      /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 400 /,
    ],
    [
      'an upgrade, which is ignored',
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n\r\n`,
      /^HTTP\/1\.1 200 /,
    ],
    [
      'an origin with a line end',
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\rx: y\r\n\r\n`,
      /^HTTP\/1\.1 400 /,
    ],
  ];
}
