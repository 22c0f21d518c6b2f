import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { headersAsSent, setPublicHost } from '#local/http/client-request.ts';

function requestWith(...rawHeaders: string[]): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.rawHeaders.push(...rawHeaders);
  request.headers.host = '127.0.0.1:3005';
  return request;
}

describe('S2.5: a request that is handed over under a public name', () => {
  it('is for that name, while the headers that the client signed stay known', () => {
    const request = requestWith('HOST', '127.0.0.1:3005', 'x', 'host');
    setPublicHost(request, 'events.example.com');
    expect(request.headers.host).toBe('events.example.com');
    expect(request.rawHeaders).toEqual(['HOST', 'events.example.com', 'x', 'host']);
    expect(headersAsSent(request)).toEqual(['HOST', '127.0.0.1:3005', 'x', 'host']);
  });

  it('has the headers that it has where nobody handed it over', () => {
    const request = requestWith('Host', 'localhost');
    expect(headersAsSent(request)).toEqual(['Host', 'localhost']);
  });
});
