import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { passOn, recorded } from '#tests/terraform/support/recording/pass-on.ts';
import { type RecordedCall, scopeOf } from '#tests/terraform/support/recording/recorded-calls.ts';
import { ApiMappingUpdates } from './api-mapping-updates.ts';
import { BucketPolicies } from './bucket-policies.ts';
import { BucketReplications } from './bucket-replications.ts';
import { CodeDeploy } from './code-deploy.ts';
import { CompositeAlarms } from './composite-alarms.ts';
import { EcsServices } from './ecs-services.ts';
import { Pipelines } from './pipelines.ts';
import { RestApiUpdates } from './rest-api-updates.ts';

/**
 * Stands before moto and passes everything on as it is, but for nine kinds of requests. The domain names of HTTP APIs that moto makes never become
 * `AVAILABLE`, which the provider waits for; moto keeps what it is sent, so the missing attributes are sent along. And it can't update their
 * mappings: see ApiMappingUpdates. What is about bucket policies is answered by BucketPolicies, about their replication by
 * BucketReplications, updates of a REST API's parts by RestApiUpdates, composite alarms by CompositeAlarms, CodeDeploy by CodeDeploy, what
 * ECS says of services by EcsServices, and CodePipeline with CodeBuild by Pipelines.
 */
export class DomainStatusProxy {
  readonly #server: Server;

  private constructor(
    server: Server,
    /** `http://127.0.0.1:PORT` */
    readonly url: string,
    /** Everything that was asked, as IAM judges it. */
    readonly calls: readonly RecordedCall[],
    /** Services and regions whose connections are broken: a control plane that is gone, or a region. */
    readonly lost: Set<string>,
    /** What was asked of them: `iam POST /`. */
    readonly lostCalls: readonly string[],
  ) {
    this.#server = server;
  }

  static async start(motoPort: number): Promise<DomainStatusProxy> {
    const mappings = new ApiMappingUpdates(motoPort);
    const policies = new BucketPolicies();
    const replications = new BucketReplications(motoPort);
    const parts = new RestApiUpdates(motoPort);
    const composites = new CompositeAlarms();
    const codeDeploy = new CodeDeploy();
    const services = new EcsServices(motoPort);
    const pipelines = new Pipelines();
    const calls: RecordedCall[] = [];
    const lost = new Set<string>();
    const lostCalls: string[] = [];
    const server = createServer((incoming, response) => {
      const { region, service } = scopeOf(incoming);
      if (lost.has(service) || lost.has(region)) {
        lostCalls.push(`${service} ${incoming.method} ${incoming.url}`);
        incoming.socket.destroy();
        return;
      }
      const form = recorded(incoming, calls);
      if (policies.answers(incoming, response) || replications.answers(incoming, response)) return;
      const answer = (body: string) => response.setHeader('content-type', 'application/json').end(body);
      const updated = parts.answerTo(incoming);
      if (updated !== undefined) {
        updated.then(answer, () => response.destroy());
        return;
      }
      if (mappings.isUpdate(incoming)) {
        mappings.update(incoming).then(answer, () => response.destroy());
        return;
      }
      const forward = (body: Promise<string> | undefined) => {
        const path = mappings.pathOf(incoming);
        passOn({ port: motoPort, path }, incoming, response, body).catch(() => response.destroy());
      };
      if (form !== undefined) {
        form.then(
          (body) => {
            const kept = codeDeploy.answerTo(incoming, body) ?? pipelines.answerTo(incoming, body);
            if (kept !== undefined) {
              response.writeHead(kept.status, { 'content-type': 'application/x-amz-json-1.1' }).end(kept.json);
              return;
            }
            const described = services.answerTo(incoming, body);
            if (described !== undefined) {
              described.then(answer, () => response.destroy());
              return;
            }
            const xml = composites.answerTo(incoming, body);
            if (xml === undefined) forward(form);
            else response.setHeader('content-type', 'text/xml').end(xml);
          },
          () => response.destroy(),
        );
        return;
      }
      const creation = incoming.method === 'POST' && incoming.url === '/v2/domainnames';
      forward(creation ? completed(incoming, region) : undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy got no address.');
    return new DomainStatusProxy(server, `http://127.0.0.1:${address.port}`, calls, lost, lostCalls);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function completed(incoming: IncomingMessage, region: string): Promise<string> {
  const creation: { domainNameConfigurations: object[] } = JSON.parse(await text(incoming));
  const domainNameConfigurations = creation.domainNameConfigurations.map((configuration) => ({
    ...configuration,
    apiGatewayDomainName: `d-moto.execute-api.${region}.amazonaws.com`,
    domainNameStatus: 'AVAILABLE',
    hostedZoneId: 'Z2FDTNDATAQYW2',
  }));
  // Left out, moto makes an empty block of it, which the next plan would remove.
  return JSON.stringify({ mutualTlsAuthentication: null, ...creation, domainNameConfigurations });
}
