import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LambdaFunction, LocalModel, RegionModel } from '#local/model/model.ts';

/** Copies of the functions' packages, so that a release keeps its code whatever happens to the folder that it was synthesized into. */
export interface PackageCopies {
  /** The model with every function's package in a copy. Packages with the same content share one. */
  freeze(model: LocalModel): Promise<LocalModel>;
  /** Removes all copies. */
  remove(): Promise<void>;
}

/** @param directory - is made when it is needed; what an earlier runtime left there is removed */
export function packageCopies(directory: string): PackageCopies {
  const copies = new Map<string, Promise<string>>();
  let ready: Promise<unknown> | undefined;
  const copyOf = ({ codeSha256, source }: LambdaFunction): Promise<string> => {
    const copy = copies.get(codeSha256) ?? copyPackage(source, join(directory, fileName(codeSha256)));
    copies.set(codeSha256, copy);
    // One that failed is tried again by the next release.
    copy.catch(() => copies.delete(codeSha256));
    return copy;
  };
  const freezeRegion = async (region: RegionModel): Promise<RegionModel> => ({
    ...region,
    functions: await Promise.all(region.functions.map(async (each) => ({ ...each, source: await copyOf(each) }))),
  });
  return {
    freeze: async (model) => {
      ready ??= rm(directory, { recursive: true, force: true }).then(() => mkdir(directory, { recursive: true }));
      await ready;
      const [primary, secondary] = await Promise.all([
        freezeRegion(model.regions.primary),
        freezeRegion(model.regions.secondary),
      ]);
      return { ...model, regions: { primary, secondary } };
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Complete or not there at all: a copy gets its name once it is whole. */
async function copyPackage(source: string, target: string): Promise<string> {
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  const isFolder = (await stat(source)).isDirectory();
  await cp(source, isFolder ? partial : join(partial, basename(source)), { recursive: true });
  await rename(partial, target);
  return isFolder ? target : join(target, basename(source));
}

/** Base64 as a name of a file. */
function fileName(codeSha256: string): string {
  return Buffer.from(codeSha256, 'base64').toString('hex') || 'empty';
}
