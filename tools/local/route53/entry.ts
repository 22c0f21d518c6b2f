import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FailureMode } from '#local/failure/failure.ts';
import { type GatewayService, startGatewayServer } from '#local/gateway/gateway-server.ts';
import { hostName, isLoopback, setPublicHost } from '#local/http/client-request.ts';
import type { RegionType } from '#local/model/model.ts';
import { knownPartition } from '#stacks/settings/partitions.ts';
import { shown } from '#stacks/settings/problem.ts';
import type { Resolver } from './resolver.ts';

/** What takes a region's requests for a public name. */
export interface RegionGateway {
  readonly handle: RequestListener;
  /** How it fails for those who call it by the public name. */
  failure(host: string): FailureMode | undefined;
}

export interface EntryOptions {
  /** The public name: what the gateways see as `Host`. */
  readonly name: string;
  /** 0: any free port. */
  readonly port: number;
  readonly resolver: Resolver;
  readonly gateways: Readonly<Record<RegionType, RegionGateway>>;
  /** Whether clients would refuse a region's certificate. @default neither */
  readonly certificateFails?: (region: RegionType) => boolean;
}

/** Response header that names the region that answered; the one thing that the entry adds to what AWS would send. */
const SERVED_BY = 'x-two-region-served-by';

/** Request header that names the AWS region that a client is near to; the gateways don't see it. It counts on the first request of a connection. */
const PLACE = 'x-two-region-place';

export interface Entry extends GatewayService {
  /** Breaks the connections that clients have to this region, as its failure would. */
  breakConnectionsTo(region: RegionType): void;
}

/**
 * The public name on loopback. A name is no server: in AWS, clients resolve it and connect to the region itself. So there is no proxy here
 * either; the entry hands each request over to the gateway that the name leads to, in this process and under the public name. A connection stays
 * with the region that it was made to, wherever the name leads by then: only a new one follows the name. Where a client
 * would see a refused or broken connection, the entry responds 502 with a JSON body that says so, and ends the connection. A `Host` that is neither
 * the public name nor this machine gets 403, as from API Gateway: a web page whose own name leads to 127.0.0.1 (DNS rebinding) must not call the API.
 */
export async function startEntry(options: EntryOptions): Promise<Entry> {
  const { name, port, resolver, gateways, certificateFails = () => false } = options;
  const connectedTo = new Map<Socket, RegionType>();
  const connect = ({ socket }: IncomingMessage, place: string | undefined): RegionType | undefined => {
    const connected = connectedTo.get(socket);
    if (connected) return connected;
    const region = resolver.current(place)?.region;
    if (!region) return undefined;
    connectedTo.set(socket, region);
    socket.once('close', () => connectedTo.delete(socket));
    return region;
  };
  const server = await startGatewayServer(port, (request, response) => {
    const host = hostName(request.headers.host ?? '');
    if (host !== name.toLowerCase() && !isLoopback(host)) {
      refuse(response, 403, { message: 'Forbidden' });
      return;
    }
    const place = takeHeader(request, PLACE);
    if (place !== undefined && knownPartition(place) === undefined) {
      const message = `${PLACE}: got ${shown(place)}, allowed: the code of an AWS region such as us-east-1, near to the client.`;
      refuse(response, 400, { message });
      return;
    }
    const region = connect(request, place);
    if (!region) {
      refuse(response, 502, { message: `${name} does not resolve: a client would see a name error.` });
      return;
    }
    response.setHeader(SERVED_BY, region);
    const seen = `a client of ${name} would see a connection error`;
    if (gateways[region].failure(name)?.kind === 'refuse') {
      const message = `The ${region} region does not answer: ${seen} until the name leads elsewhere.`;
      refuse(response, 502, { message, region });
      return;
    }
    if (certificateFails(region)) {
      const message = `The ${region} region's certificate is not valid: ${seen}, and no health check notices.`;
      refuse(response, 502, { message, region });
      return;
    }
    setPublicHost(request, name);
    gateways[region].handle(request, response);
  });
  return {
    ...server,
    breakConnectionsTo: (region) => {
      for (const [socket, to] of connectedTo) if (to === region) socket.destroy();
    },
  };
}

/** Takes a header out of a request, as if the client had not sent it. */
function takeHeader(request: IncomingMessage, name: string): string | undefined {
  const { headers, rawHeaders } = request;
  const value = headers[name];
  if (value === undefined) return undefined;
  delete headers[name];
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]?.toLowerCase() === name) rawHeaders.splice(at, 2);
  }
  return String(value);
}

function refuse(
  response: ServerResponse,
  status: number,
  body: { readonly message: string; readonly region?: RegionType },
) {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}
