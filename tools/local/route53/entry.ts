import type { RequestListener, ServerResponse } from 'node:http';
import { type GatewayService, startGatewayServer } from '#local/gateway/gateway-server.ts';
import { hostName, isLoopback, setPublicHost } from '#local/http/client-request.ts';
import type { RegionType } from '#local/model/model.ts';
import type { Resolver } from './resolver.ts';

/** What takes a region's requests for a public name. */
export interface RegionGateway {
  readonly handle: RequestListener;
  /** Whether the region is made to fail. */
  failed(): boolean;
}

export interface EntryOptions {
  /** The public name: what the gateways see as `Host`. */
  readonly name: string;
  /** 0: any free port. */
  readonly port: number;
  readonly resolver: Resolver;
  readonly gateways: Readonly<Record<RegionType, RegionGateway>>;
}

/** Response header that names the region that answered; the one thing that the entry adds to what AWS would send. */
const SERVED_BY = 'x-two-region-served-by';

export interface Entry extends GatewayService {
  /** Breaks the connections of clients that the name leads to this region, as its failure would. */
  breakConnections(region: RegionType): void;
}

/**
 * The public name on loopback. A name is no server: in AWS, clients resolve it and connect to the region itself. So there is no proxy here
 * either; the entry hands each request over to the gateway that the name leads to, in this process and under the public name. Where a client
 * would see a refused or broken connection, the entry responds 502 with a JSON body that says so. A `Host` that is neither the public name nor this
 * machine gets 403, as from API Gateway: a web page whose own name leads to 127.0.0.1 (DNS rebinding) must not call the API.
 */
export async function startEntry({ name, port, resolver, gateways }: EntryOptions): Promise<Entry> {
  const server = await startGatewayServer(port, (request, response) => {
    const host = hostName(request.headers.host ?? '');
    if (host !== name.toLowerCase() && !isLoopback(host)) {
      refuse(response, 403, { message: 'Forbidden' });
      return;
    }
    const resolution = resolver.current();
    if (!resolution) {
      refuse(response, 502, { message: `${name} does not resolve: a client would see a name error.` });
      return;
    }
    const { region } = resolution;
    response.setHeader(SERVED_BY, region);
    if (gateways[region].failed()) {
      const seen = `a client of ${name} would see a connection error`;
      const message = `The ${region} region does not answer: ${seen} until the name leads elsewhere.`;
      refuse(response, 502, { message, region });
      return;
    }
    setPublicHost(request, name);
    gateways[region].handle(request, response);
  });
  return {
    ...server,
    breakConnections: (region) => {
      if (resolver.current()?.region !== region) return;
      server.setFailed(true);
      server.setFailed(false);
    },
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  body: { readonly message: string; readonly region?: RegionType },
) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
