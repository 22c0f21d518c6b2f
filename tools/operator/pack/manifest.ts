import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { hashFiles, type PackedFile } from './content.ts';
import { PARTS, type PartName, partOf } from './layout.ts';
import type { InstalledTerraform } from './terraform-parts.ts';

const contentSchema = z.object({
  files: z.number(),
  /** Before compression. */
  bytes: z.number(),
  /** Over every file's path and SHA-256, in the order of the paths. Hexadecimal. */
  sha256: z.string(),
});

/** What files come to. */
export type PartContent = Readonly<z.infer<typeof contentSchema>>;

const manifestSchema = z.object({
  format: z.literal(1),
  /** The folder in the archive, and its file without the ending. */
  name: z.string(),
  stage: z.string(),
  /** ISO 8601. */
  made: z.string(),
  /** What the packages are for, and Terraform, in Terraform's words: `linux_amd64`. */
  platform: z.string(),
  /** What there are providers for. */
  platforms: z.array(z.string()),
  /** `two-region`, `node`, `terraform`, each provider by its address; `commit` where git knows one. */
  versions: z.record(z.string(), z.string()),
  parts: z.record(z.enum(PARTS), contentSchema),
  /** Commands that need nothing else but AWS. */
  goodFor: z.array(z.string()),
  /** What has to come from elsewhere: sentences. */
  lacks: z.array(z.string()),
});
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** What lies beside an archive, so that nobody has to unpack it to know what it is: the manifest, the archive's hash, the last verification. */
const noteSchema = z.object({
  manifest: manifestSchema,
  archive: z.object({ bytes: z.number(), sha256: z.string() }),
  verified: z.optional(z.object({ at: z.string(), passed: z.boolean() })),
});
export type PackNote = Readonly<z.infer<typeof noteSchema>>;

/** @returns undefined for what is no manifest of this format */
export function parseManifest(text: string): Manifest | undefined {
  return manifestSchema.safeParse(jsonOf(text)).data;
}

/** @returns undefined for what is no note of this format */
export function parseNote(text: string): PackNote | undefined {
  return noteSchema.safeParse(jsonOf(text)).data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Commands that need nothing but what is in an archive, and AWS. */
const GOOD_FOR = [
  'rollback',
  'switch',
  'route-away',
  'route-back',
  'state recover',
  'deploy',
  'diff',
  'status',
  'return',
  'params',
  'keys',
];

/** What an archive of these files is. @param place - what they are of */
export async function makeManifest(
  place: {
    readonly name: string;
    readonly stage: string;
    /** Folder of settings.conf. */
    readonly project: string;
    /** Platforms that there are providers for, beside this machine's. */
    readonly others: readonly string[];
    readonly terraform: InstalledTerraform;
    /** Versions by address. */
    readonly providers: Readonly<Record<string, string>>;
  },
  files: readonly PackedFile[],
): Promise<Manifest> {
  const { name, stage, project, others, terraform, providers } = place;
  const { platform, version } = terraform;
  return {
    ...{ format: 1, name, stage, made: new Date().toISOString(), platform, platforms: [platform, ...others] },
    versions: { ...(await versionsOf(project)), terraform: version, ...providers },
    parts: await contentOf(files),
    goodFor: [...GOOD_FOR],
    lacks: [...lacksOf(terraform, others)],
  };
}

/** Content by part. A part that nothing belongs to is there, and empty. */
async function contentOf(files: readonly PackedFile[]): Promise<Manifest['parts']> {
  const of = (part: PartName): Promise<PartContent> => hashFiles(files.filter(({ path }) => partOf(path) === part));
  return {
    ...{ code: await of('code'), docs: await of('docs'), packages: await of('packages') },
    ...{ stacks: await of('stacks'), providers: await of('providers'), terraform: await of('terraform') },
  };
}

async function versionsOf(project: string): Promise<Record<string, string>> {
  const git = await promisify(execFile)('git', ['-C', project, 'rev-parse', 'HEAD']).catch(() => undefined);
  return { node: process.version, ...(git && { commit: git.stdout.trim() }) };
}

function lacksOf({ file, platform }: InstalledTerraform, others: readonly string[]): readonly string[] {
  const elsewhere = others.length === 0 ? `a machine other than ${platform}` : others.join(', ');
  return [
    'Node.js, and tar to unpack.',
    ...(file === undefined
      ? [
          'Terraform: a script stands before it here. Name the program itself: TERRAFORM_BINARY_NAME=/path/terraform two-region pack …',
        ]
      : []),
    `For ${elsewhere}: Terraform itself, and esbuild, which synthesizes. Pack there, too.`,
    'Credentials, parameters, states: none is in it.',
  ];
}
