import type { IncomingMessage } from 'node:http';
import { scopeOf } from '#tests/terraform/support/recording/recorded-calls.ts';

type Fields = Readonly<Record<string, unknown>>;

const ACCOUNT = '123456789012';
/** Seconds since the epoch. */
const MADE = 1_700_000_000;

/**
 * moto 5.2 gives CodePipeline's times as text, which the provider refuses, and asks for the location of a source that a pipeline brings: pipelines and build
 * projects are therefore kept here, made, read, changed and deleted as on AWS. Nothing is run by them.
 */
export class Pipelines {
  /** Region and name → what it was made of. */
  readonly #pipelines = new Map<string, { readonly pipeline: Fields; readonly tags: unknown }>();
  readonly #projects = new Map<string, Fields>();

  /**
   * @param body - of a request in JSON
   * @returns the response's JSON; undefined for what moto knows
   */
  answerTo(incoming: IncomingMessage, body: string): { readonly status: number; readonly json: string } | undefined {
    const [service = '', operation = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
    const { region } = scopeOf(incoming);
    if (service.startsWith('CodePipeline_')) return this.#codePipeline(region, operation, parse(body));
    return service.startsWith('CodeBuild_') ? this.#codeBuild(region, operation, parse(body)) : undefined;
  }

  #codePipeline(region: string, operation: string, input: Fields) {
    const arnOf = (name: string) => `arn:aws:codepipeline:${region}:${ACCOUNT}:${name}`;
    const name = String(Object(input.pipeline).name ?? input.name ?? String(input.resourceArn).split(':').at(-1));
    const key = `${region} ${name}`;
    const known = this.#pipelines.get(key);
    switch (operation) {
      case 'CreatePipeline':
      case 'UpdatePipeline': {
        const pipeline = { ...Object(input.pipeline), version: Number(known?.pipeline.version ?? 0) + 1 };
        this.#pipelines.set(key, { pipeline, tags: input.tags ?? known?.tags ?? [] });
        return answer({ pipeline });
      }
      case 'GetPipeline':
        if (known === undefined) return refuse('PipelineNotFoundException');
        return answer({
          pipeline: known.pipeline,
          metadata: { pipelineArn: arnOf(name), created: MADE, updated: MADE },
        });
      case 'ListTagsForResource':
        return answer({ tags: known?.tags ?? [] });
      case 'DeletePipeline':
        this.#pipelines.delete(key);
        return answer({});
      default:
        return refuse('InvalidActionException');
    }
  }

  #codeBuild(region: string, operation: string, input: Fields) {
    const key = (name: unknown) => `${region} ${name}`;
    switch (operation) {
      case 'CreateProject':
      case 'UpdateProject': {
        const arn = `arn:aws:codebuild:${region}:${ACCOUNT}:project/${input.name}`;
        const defaults = { queuedTimeoutInMinutes: 480, projectVisibility: 'PRIVATE', cache: { type: 'NO_CACHE' } };
        const project = { ...defaults, ...this.#projects.get(key(input.name)), ...input, arn, created: MADE };
        this.#projects.set(key(input.name), project);
        return answer({ project });
      }
      case 'BatchGetProjects': {
        const names: readonly unknown[] = Array.isArray(input.names) ? input.names : [];
        // By name or by ARN.
        const found = names.map((name) => this.#projects.get(key(String(name).split('/').at(-1))));
        return answer({ projects: found.filter((each) => each !== undefined), projectsNotFound: [] });
      }
      case 'DeleteProject':
        this.#projects.delete(key(String(input.name).split('/').at(-1)));
        return answer({});
      default:
        return refuse('InvalidInputException');
    }
  }
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
