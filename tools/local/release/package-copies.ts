import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { errorReason } from '#functions/error-reason.ts';
import type { LambdaFunction, LocalModel, PackedCode, RegionModel } from '#local/model/model.ts';

/** Copies of the functions' packages, so that a release keeps its code whatever happens to the folder that it was synthesized into. */
export interface PackageCopies {
  /** The model with every function's package in a copy. Packages with the same content share one. */
  freeze(model: LocalModel): Promise<LocalModel>;
  /** The model with those packages in a folder that do not lie in one: zip files, and what an archive would pack. */
  unpack(model: LocalModel): Promise<LocalModel>;
  /** Removes all copies. */
  remove(): Promise<void>;
}

/** @param directory - is made when it is needed; what an earlier runtime left there is removed */
export function packageCopies(directory: string): PackageCopies {
  const copies = new Map<string, Promise<string>>();
  let ready: Promise<unknown> | undefined;
  const copyOf = (from: LambdaFunction): Promise<string> => {
    const { codeSha256 } = from;
    const copy = copies.get(codeSha256) ?? copyPackage(from, join(directory, fileName(codeSha256)));
    copies.set(codeSha256, copy);
    // One that failed is tried again by the next release.
    copy.catch(() => copies.delete(codeSha256));
    return copy;
  };
  const copyRegion = async (region: RegionModel, isWanted: (each: LambdaFunction) => boolean): Promise<RegionModel> => {
    const copied = async (each: LambdaFunction) => {
      if (hasNoCode(each) || !isWanted(each)) return each;
      const runs = each.runs && { ...each.runs, source: await copyOf({ ...each, ...each.runs }) };
      return { ...each, source: await copyOf(each), packed: undefined, runs };
    };
    return { ...region, functions: await Promise.all(region.functions.map(copied)) };
  };
  const copyAll = async (model: LocalModel, isWanted: (each: LambdaFunction) => boolean): Promise<LocalModel> => {
    ready ??= rm(directory, { recursive: true, force: true }).then(() => mkdir(directory, { recursive: true }));
    await ready;
    const [primary, secondary] = await Promise.all([
      copyRegion(model.regions.primary, isWanted),
      copyRegion(model.regions.secondary, isWanted),
    ]);
    return { ...model, regions: { primary, secondary } };
  };
  return {
    freeze: (model) => copyAll(model, () => true),
    unpack: async (model) => {
      const isPacked = ({ packed }: LambdaFunction) => packed !== undefined;
      const { primary, secondary } = model.regions;
      const any = [...primary.functions, ...secondary.functions].some((each) => isPacked(each) && !hasNoCode(each));
      return any ? copyAll(model, isPacked) : model;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Complete or not there at all: a copy gets its name once it is whole. */
async function copyPackage({ source, packed, name }: LambdaFunction, target: string): Promise<string> {
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  if (packed) {
    await mkdir(partial, { recursive: true });
    await writeFiles(partial, await unpackedFiles(packed, name));
    await rename(partial, target);
    return target;
  }
  const isFolder = (await stat(source)).isDirectory();
  await cp(source, isFolder ? partial : join(partial, basename(source)), { recursive: true });
  await rename(partial, target);
  return isFolder ? target : join(target, basename(source));
}

function hasNoCode({ packed }: LambdaFunction): boolean {
  return packed !== undefined && 'missing' in packed;
}

type UnpackedFiles = readonly { readonly name: string; readonly content: Uint8Array }[];

async function unpackedFiles(packed: PackedCode, functionName: string): Promise<UnpackedFiles> {
  if ('missing' in packed) return [];
  if ('files' in packed) {
    return await Promise.all(
      packed.files.map(async (file) => ({
        name: file.name,
        content: 'content' in file ? Buffer.from(file.content) : await readFile(file.copyOf),
      })),
    );
  }
  try {
    return Object.entries(unzipSync(await readFile(packed.zip))).map(([name, content]) => ({ name, content }));
  } catch (error) {
    throw new Error(`The package of ${functionName}, ${packed.zip}, is no zip file: ${errorReason(error)}`);
  }
}

/** A name that leads out of the folder is left out, as unzip does. */
async function writeFiles(folder: string, files: UnpackedFiles): Promise<void> {
  for (const { name, content } of files) {
    const inside = normalize(name);
    if (name.endsWith('/') || /^(\.\.|[/\\])/.test(inside)) continue;
    const file = join(folder, inside);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Base64 as a name of a file. */
function fileName(codeSha256: string): string {
  return Buffer.from(codeSha256, 'base64').toString('hex') || 'empty';
}
