import { type OpenApiOptions, openApiDocument, type Server } from '#contract/openapi.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';

/**
 * The OpenAPI document of the working directory's project.
 *
 * @param urls - where the APIs answer. @default - the public names, as variables: they are parameters of each stage
 */
export function describeApi(urls: { readonly restUrl?: string; readonly httpUrl?: string }): string {
  const servers: OpenApiOptions['servers'] = {
    rest: [urls.restUrl === undefined ? publicName('domain_name', 'api.example.com') : { url: urls.restUrl }],
    http: [urls.httpUrl === undefined ? publicName('events_domain_name', 'events.example.com') : { url: urls.httpUrl }],
  };
  const { appName } = loadStageContext(undefined).settings;
  return JSON.stringify(openApiDocument({ title: appName, servers }), undefined, 2);
}

function publicName(parameter: string, example: string): Server {
  return {
    url: `https://{${parameter}}`,
    description: 'The public name of a stage.',
    variables: { [parameter]: { default: example, description: `Value of the stage's parameter ${parameter}.` } },
  };
}
