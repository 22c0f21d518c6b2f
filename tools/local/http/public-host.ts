import type { IncomingMessage } from 'node:http';

const sent = new WeakMap<IncomingMessage, readonly string[]>();

/** Makes a request that came in elsewhere one for a public name, as if the client had connected to that. */
export function setPublicHost(request: IncomingMessage, name: string): void {
  const { rawHeaders } = request;
  sent.set(request, [...rawHeaders]);
  request.headers.host = name;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === 'host') rawHeaders[at + 1] = name;
  }
}

/** Names and values in turn, as the client sent and signed them: its signature covers the `Host` that it connected to. */
export function headersAsSent(request: IncomingMessage): readonly string[] {
  return sent.get(request) ?? request.rawHeaders;
}

/** `API.Example.com.:443` as `api.example.com`. */
export function hostName(host: string): string {
  const withoutPort = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] ?? '');
  const name = withoutPort.toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** Whether a name, as `hostName` gives it, is this machine's own. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
