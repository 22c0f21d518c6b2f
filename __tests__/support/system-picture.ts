import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel } from '#local/model/build-model.ts';
import type { LocalModel, RegionType } from '#local/model/model.ts';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';

/* The picture of both regions, the edge and the checks, drawn out of what is synthesized: `npm run pictures` puts it into docs/architecture.md. */

const BEGIN = '<!-- Drawn by npm run pictures. -->\n```mermaid\n';
const END = '```\n<!-- End of what is drawn. -->';
const TYPES: readonly RegionType[] = ['primary', 'secondary'];

/** The document with the picture as it is now. @throws Error where the document has no place for it */
export async function withSystemPicture(document: string): Promise<string> {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`The document has no ${BEGIN.trim()} … ${END}`);
  return `${document.slice(0, from)}${BEGIN}${drawn(await modelWithEdge())}${document.slice(to)}`;
}

/** The stage dev by the settings of the tests, with an edge that its names lead to. */
async function modelWithEdge(): Promise<LocalModel> {
  const directory = await mkdtemp(join(tmpdir(), 'two-region-picture-'));
  try {
    const shipped = await readFile(new URL('./project/settings.conf', import.meta.url), 'utf8');
    const settings = `${shipped.replace(/^PARAMETERS=\($/m, 'PARAMETERS=( "certificate_arn_edge" "edge_secret"')}
EDGE="active"
`;
    await writeFile(join(directory, 'settings.conf'), settings);
    const { stage, outdir, variables, parameters, regions } = await synthesizeStage({
      directory,
      stage: 'dev',
      outdir: join(directory, 'cdktf.out'),
    });
    const evaluation = evaluateStacks(await readStacks(outdir), {
      variables,
      parameter: (_region, name) => parameters[name],
    });
    return buildModel(evaluation, { stage, primaryRegion: regions.primary, secondaryRegion: regions.secondary });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Flowchart of the REST API's way in; the HTTP API's is like it. */
function drawn({ dns, distributions = [], regions }: LocalModel): string {
  const [distribution] = distributions.filter(({ aliases }) => aliases.some((name) => name.startsWith('api.')));
  const origin = distribution?.origins[0]?.domainName ?? '';
  const records = dns.records.filter(({ name }) => name === origin);
  const regionOf = (target: string) =>
    TYPES.find((type) => regions[type].domains.some(({ regionalDomainName }) => regionalDomainName === target));
  const shown = (name: string) => name.replace('two-region.localhost', 'example.com');
  const lines = [
    'flowchart LR',
    `  client([Clients]) -->|"${shown(distribution?.aliases[0] ?? '')}"| edge["CloudFront<br>web ACL, us-east-1"]`,
    `  edge -->|"${shown(origin)}"| r53{{"Route 53<br>failover records"}}`,
  ];
  for (const { aliasTarget = '', failover = '', healthCheckId = '' } of records) {
    const region = regionOf(aliasTarget);
    if (region === undefined) continue;
    lines.push(`  r53 ${failover === 'PRIMARY' ? '-->' : '-.->'}|${failover}| ${region}Domain`);
    const calculated = dns.calculatedChecks?.find(({ id }) => id === healthCheckId);
    lines.push(
      `  ${region}Health[/"${region} is healthy:<br>${calculated?.threshold} of ${calculated?.children.length} checks"/] -.- r53`,
    );
    for (const child of calculated?.children ?? []) {
      const check = dns.healthChecks.find(({ id }) => id === child);
      if (check === undefined) continue;
      const { fqdn, requestIntervalSeconds: interval, failureThreshold: threshold, inverted } = check;
      const asked = TYPES.find((type) => fqdn.includes(regions[type].region)) ?? region;
      const [what, at] = inverted
        ? ['control check, inverted', `${asked}Route`]
        : [`${interval} s × ${threshold}`, `${asked}Domain`];
      lines.push(`  ${region}Health -.->|"${what}"| ${at}`);
    }
  }
  for (const type of TYPES) {
    const { region, domains, restApis, tables } = regions[type];
    const served = domains.find(({ domainName }) => distribution?.aliases.includes(domainName));
    const target = served?.mappings[0]?.stage ?? '';
    lines.push(
      `  subgraph ${type} ["${type}: ${region}"]`,
      `    ${type}Domain["custom domains: the public name,<br>${region}.…"]`,
      ...(restApis[0]?.stages ?? []).map(
        ({ name }) =>
          `    ${type}Domain ${name === target ? '-->|target|' : '-.->'} ${type}_${name}["${name}: stage, alias"]`,
      ),
      `    ${(restApis[0]?.stages ?? []).map(({ name }) => `${type}_${name}`).join(' & ')} --> ${type}Data[("${tables.length} tables, bucket")]`,
      `    ${type}Route[("route: away or home,<br>said of the other region")]`,
      '  end',
    );
  }
  return `${[...lines, '  primaryData <-->|"global tables"| secondaryData'].join('\n')}\n`;
}
