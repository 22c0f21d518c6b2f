import type { IncomingMessage } from 'node:http';
import { scopeOf } from '#tests/terraform/support/recording/recorded-calls.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What moto forgets of a service; ECS says that zones are not balanced anew where nobody asks for it. */
const FORGOTTEN = ['healthCheckGracePeriodSeconds', 'availabilityZoneRebalancing'];
const DEFAULTS: Fields = { availabilityZoneRebalancing: 'DISABLED' };

/** moto forgets two attributes of an ECS service, which a next plan would set again: they are told as the service was made with them. */
export class EcsServices {
  readonly #motoPort: number;
  readonly #services = new Map<string, Fields>();

  constructor(motoPort: number) {
    this.#motoPort = motoPort;
  }

  /**
   * @param body - of a request in JSON
   * @returns the response's JSON; undefined for what moto answers alone
   */
  answerTo(incoming: IncomingMessage, body: string): Promise<string> | undefined {
    const [service = '', operation = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
    if (!service.startsWith('AmazonEC2ContainerService')) return undefined;
    const { region } = scopeOf(incoming);
    const input: Fields = JSON.parse(body);
    if (operation === 'CreateService') this.#services.set(`${region} ${input.serviceName}`, input);
    return operation === 'DescribeServices' ? this.#described(incoming, region, body) : undefined;
  }

  async #described({ headers }: IncomingMessage, region: string, body: string): Promise<string> {
    const { authorization = '', 'x-amz-target': target = '' } = headers;
    const response = await fetch(`http://127.0.0.1:${this.#motoPort}/`, {
      method: 'POST',
      headers: { authorization, 'x-amz-target': String(target), 'content-type': 'application/x-amz-json-1.1' },
      body,
    });
    const answer: { readonly services?: readonly Fields[] } = JSON.parse(await response.text());
    const services = answer.services?.map((service) => {
      const made = { ...DEFAULTS, ...this.#services.get(`${region} ${service.serviceName}`) };
      return { ...service, ...Object.fromEntries(FORGOTTEN.map((name) => [name, made[name]])) };
    });
    return JSON.stringify({ ...answer, services });
  }
}
