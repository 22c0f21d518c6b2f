import type { AskAws } from '#operator/container/aws-json.ts';

/** How a deployment goes on, a step with each look at it: what it stops at is repeated. */
type Course = 'fails while traffic moves' | 'goes through' | 'tasks do not start';

interface Kept {
  readonly id: string;
  readonly content: string;
  status: string;
  shift: string | undefined;
  looks: number;
}

const NAME = 'two-region-api-dev-container';

/** ECS, ECR and CodeDeploy of a region as far as commands ask them: traffic and its way back, no tasks. */
export class AwsStandIn {
  readonly #deployments: Kept[] = [];
  /** Digests by task definition's number, from 1 on. */
  readonly digests: string[];
  images: readonly string[];
  serving = 1;
  course: Course = 'goes through';
  /** Operations that change something, in their order. */
  readonly changes: string[] = [];

  constructor(
    readonly region: string,
    /** Of all stand-ins, in the order in which they were asked. */
    readonly log: string[],
    digests: readonly string[],
  ) {
    this.digests = [...digests];
    this.images = digests;
  }

  readonly ask: AskAws = async (_, operation, input) => {
    const fields = input as Readonly<Record<string, unknown>>;
    const kept = this.#deployments.find(({ id }) => id === fields.deploymentId);
    switch (operation) {
      case 'DescribeTaskDefinition':
        return this.#definition(String(fields.taskDefinition));
      case 'DescribeServices':
        return {
          services: this.digests.length === 0 ? [] : [{ ...this.tasks, taskSets: this.#taskSets }],
        };
      case 'DescribeImages': {
        const [{ imageDigest }] = fields.imageIds as readonly [{ readonly imageDigest: string }];
        if (this.images.includes(imageDigest)) return { imageDetails: [{ imageDigest }] };
        throw refusal('ImageNotFoundException');
      }
      case 'ListDeployments': {
        const statuses = fields.includeOnlyStatuses as readonly string[];
        return {
          deployments: this.#deployments.filter(({ status }) => statuses.includes(status)).map(({ id }) => id),
        };
      }
      case 'CreateDeployment': {
        const { appSpecContent } = fields.revision as { readonly appSpecContent: { readonly content: string } };
        const id = `d-${this.region}-${this.#deployments.length + 1}`;
        this.#deployments.unshift({
          id,
          content: appSpecContent.content,
          status: 'Created',
          shift: undefined,
          looks: 0,
        });
        this.#changed('create', id);
        return { deploymentId: id };
      }
      case 'GetDeployment':
        if (kept === undefined) throw refusal('DeploymentDoesNotExistException');
        this.#goOn(kept);
        return {
          deploymentInfo: {
            status: kept.status,
            revision: { appSpecContent: { content: kept.content } },
            ...(kept.status === 'Failed' && { errorInformation: { message: `an alarm, or no task, of ${kept.id}` } }),
          },
        };
      case 'GetDeploymentTarget':
        return {
          deploymentTarget: {
            ecsTarget: {
              lifecycleEvents: kept?.shift ? [{ lifecycleEventName: 'AllowTraffic', status: kept.shift }] : [],
            },
          },
        };
      case 'ContinueDeployment':
        if (kept?.status !== 'Ready') throw refusal('DeploymentIsNotInReadyStateException');
        Object.assign(kept, { status: 'InProgress', shift: 'InProgress' });
        this.#changed('continue', kept.id);
        return {};
      case 'StopDeployment':
        if (kept === undefined) throw refusal('DeploymentDoesNotExistException');
        if (kept.shift === 'Succeeded') this.serving = this.#before;
        kept.status = 'Stopped';
        this.#changed('stop', kept.id);
        return {};
      default:
        throw new Error(`Nobody answers ${operation}.`);
    }
  };

  tasks = { runningCount: 2, desiredCount: 2 };

  get #taskSets() {
    return [{ status: 'PRIMARY', taskDefinition: this.arn(this.serving) }];
  }

  /** The tasks before the last deployment's have ended. */
  endWait(): void {
    const [last] = this.#deployments;
    if (last) last.status = 'Succeeded';
  }

  arn(number: number): string {
    return `arn:aws:ecs:${this.region}:123456789012:task-definition/${NAME}:${number}`;
  }

  #before = 1;

  #definition(asked: string) {
    const number = asked === NAME ? this.digests.length : Number(asked.split(':').at(-1));
    const digest = this.digests[number - 1];
    if (digest === undefined) throw refusal('ClientException');
    return {
      taskDefinition: {
        taskDefinitionArn: this.arn(number),
        containerDefinitions: [{ image: `123456789012.dkr.ecr.${this.region}.amazonaws.com/${NAME}@${digest}` }],
      },
    };
  }

  #goOn(kept: Kept): void {
    kept.looks += 1;
    if (kept.status === 'Created') kept.status = 'InProgress';
    else if (kept.status === 'InProgress' && kept.shift === undefined)
      kept.status = this.course === 'tasks do not start' ? 'Failed' : 'Ready';
    else if (kept.status === 'InProgress' && kept.shift === 'InProgress') {
      if (this.course === 'fails while traffic moves') kept.status = 'Failed';
      else {
        kept.shift = 'Succeeded';
        this.#before = this.serving;
        this.serving = Number(/:(\d+)"/.exec(kept.content)?.[1]);
      }
    }
  }

  #changed(what: string, id: string): void {
    this.changes.push(what);
    this.log.push(`${what} ${id}`);
  }
}

function refusal(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}
