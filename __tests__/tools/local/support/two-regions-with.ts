import type { LambdaFunction, LocalModel, RegionModel } from '#local/model/model.ts';
import { twoRegions } from './two-regions.ts';

/** A function beside `healthcheck`, behind a route of its own. */
export interface ExtraFunction {
  /** Also its open route: `GET /<name>`. */
  readonly name: string;
  /** `file.export` of the package. */
  readonly handler: string;
  /** @default 10 */
  readonly timeoutSeconds?: number;
  /** How long the gateway waits for it. @default 29,000 */
  readonly integrationTimeoutMilliseconds?: number;
}

/**
 * The model of `twoRegions` with more functions out of the same package.
 *
 * @param source - folder of the package
 */
export function twoRegionsWith(source: string, extras: readonly ExtraFunction[]): LocalModel {
  const model = twoRegions(source);
  const { primary, secondary } = model.regions;
  return { ...model, regions: { primary: extend(primary, extras), secondary: extend(secondary, extras) } };
}

function extend(region: RegionModel, extras: readonly ExtraFunction[]): RegionModel {
  const template = region.functions.slice(0, 1);
  const functions = extras.flatMap(({ name, handler, timeoutSeconds = 10 }) =>
    template.map((each): LambdaFunction => {
      const arn = arnOf(each.arn, name);
      return { ...each, name, arn, handler, timeoutSeconds, logGroup: `/aws/lambda/${name}` };
    }),
  );
  const restApis = region.restApis.map((api) => {
    const methods = extras.flatMap(({ name, integrationTimeoutMilliseconds: timeoutMilliseconds = 29_000 }) =>
      api.methods.slice(0, 1).map((method) => ({
        ...method,
        resourcePath: `/${name}`,
        integration: { ...method.integration, uri: arnOf(method.integration.uri, name), timeoutMilliseconds },
      })),
    );
    return { ...api, methods: [...api.methods, ...methods] };
  });
  return { ...region, functions: [...region.functions, ...functions], restApis };
}

function arnOf(text: string, name: string): string {
  return text.replace(':function:healthcheck', `:function:${name}`);
}
