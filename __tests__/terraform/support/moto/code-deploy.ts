import type { IncomingMessage } from 'node:http';
import { scopeOf } from '#tests/terraform/support/recording/recorded-calls.ts';

type Fields = Readonly<Record<string, unknown>>;

const ACCOUNT = '123456789012';

/**
 * moto 5.2.1 gives CodeDeploy's times as text, which the provider refuses, and has no deployment groups of ECS: applications, groups and tags are therefore
 * kept here, made, read, changed and deleted as on CodeDeploy. Nothing is deployed by them. And it fails at the tags of what autoscaling scales: those
 * that the target was made with are told here.
 */
export class CodeDeploy {
  /** Region and name → what it was made of. */
  readonly #applications = new Map<string, Fields>();
  /** Likewise by region, application and name. */
  readonly #groups = new Map<string, Fields>();
  readonly #tags = new Map<string, readonly Tag[]>();
  /** Region → tags of its scalable target. */
  readonly #scaled = new Map<string, unknown>();

  /**
   * @param body - of a request in JSON
   * @returns the response's JSON; undefined for what moto knows
   */
  answerTo(incoming: IncomingMessage, body: string): { readonly status: number; readonly json: string } | undefined {
    const [service = '', operation = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
    const { region } = scopeOf(incoming);
    if (service === 'AnyScaleFrontendService') {
      if (operation === 'RegisterScalableTarget') {
        const { Tags } = parse(body);
        if (Tags !== undefined) this.#scaled.set(region, Tags);
      }
      return operation === 'ListTagsForResource' ? answer({ Tags: this.#scaled.get(region) ?? {} }) : undefined;
    }
    if (!service.startsWith('CodeDeploy_')) return undefined;
    return this.#codeDeploy(region, operation, parse(body));
  }

  #codeDeploy(region: string, operation: string, input: Fields) {
    const application = `${region} ${input.applicationName}`;
    const group = `${application} ${input.deploymentGroupName ?? input.currentDeploymentGroupName}`;
    const arnOf = (kind: string, name: string) => `arn:aws:codedeploy:${region}:${ACCOUNT}:${kind}:${name}`;
    const applicationArn = arnOf('application', String(input.applicationName));
    const groupArn = arnOf('deploymentgroup', `${input.applicationName}/${input.deploymentGroupName}`);
    switch (operation) {
      case 'CreateApplication':
        this.#applications.set(application, input);
        this.#tag(applicationArn, input.tags);
        return answer({ applicationId: 'moto' });
      case 'GetApplication': {
        const made = this.#applications.get(application);
        if (made === undefined) return refuse('ApplicationDoesNotExistException');
        const { tags: _, ...application_ } = made;
        return answer({
          application: { ...application_, applicationId: 'moto', createTime: 1_700_000_000, linkedToGitHub: false },
        });
      }
      case 'DeleteApplication':
        this.#applications.delete(application);
        return answer({});
      case 'CreateDeploymentGroup':
        this.#groups.set(group, input);
        this.#tag(groupArn, input.tags);
        return answer({ deploymentGroupId: 'moto' });
      case 'UpdateDeploymentGroup':
        this.#groups.set(group, { ...this.#groups.get(group), ...input });
        return answer({});
      case 'GetDeploymentGroup': {
        const made = this.#groups.get(group);
        if (made === undefined) return refuse('DeploymentGroupDoesNotExistException');
        const { tags: _, ...described } = made;
        return answer({
          deploymentGroupInfo: {
            outdatedInstancesStrategy: 'UPDATE',
            terminationHookEnabled: false,
            computePlatform: 'ECS',
            ...described,
            deploymentGroupId: 'moto',
            ecsServices: made.ecsServices,
          },
        });
      }
      case 'DeleteDeploymentGroup':
        this.#groups.delete(group);
        return answer({ hooksNotCleanedUp: [] });
      case 'ListTagsForResource':
        return answer({ Tags: this.#tags.get(String(input.ResourceArn)) ?? [] });
      case 'TagResource':
        this.#tag(String(input.ResourceArn), input.Tags);
        return answer({});
      case 'UntagResource':
        return answer({});
      default:
        return refuse('InvalidOperationException');
    }
  }

  #tag(arn: string, tags: unknown): void {
    if (!isTags(tags)) return;
    const others = (this.#tags.get(arn) ?? []).filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
    this.#tags.set(arn, [...others, ...tags]);
  }
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

function isTags(tags: unknown): tags is readonly Tag[] {
  return Array.isArray(tags);
}

function parse(body: string): Fields {
  return JSON.parse(body === '' ? '{}' : body);
}

function answer(value: object) {
  return { status: 200, json: JSON.stringify(value) };
}

function refuse(name: string) {
  return { status: 400, json: JSON.stringify({ __type: name, message: name }) };
}
