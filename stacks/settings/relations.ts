import { bucketNameProblem, STATE_REPLICA_SUFFIX } from './bucket-name.ts';
import type { Word } from './file/assignment.ts';
import { splitProfile } from './file/file-values.ts';
import type { Syntax } from './file/syntax.ts';
import { knownPartition } from './partitions.ts';
import { didYouMean, type Problem, shown } from './problem.ts';
import { stackNames } from './stack-names.ts';

/** The words of a key, empty when it is missing, broken or a single value. */
type Words = (key: string) => readonly Word[];

/** One value, `undefined` when it is missing, broken or a list. */
type Value = (key: string) => Word | undefined;

/**
 * Checks what keys ask of each other. Works on the words of the file, so that a problem in one key hides none in another; a rule whose
 * keys are not readable says nothing.
 */
export function checkRelations({ assignments }: Syntax): readonly Problem[] {
  const words: Words = (key) => {
    const assignment = assignments.get(key);
    return assignment?.kind === 'list' ? assignment.words : [];
  };
  const value: Value = (key) => {
    const assignment = assignments.get(key);
    return assignment?.kind === 'text' ? assignment : undefined;
  };
  return [
    ...regions(value),
    ...bucketsOfApp(value, words),
    ...stateBucket(value, words),
    ...unknownStages(words, 'AWS_PROFILES', (word) => (word.includes('=') ? splitProfile(word)[0] : undefined)),
    ...unknownStages(words, 'STATE_IN_SECONDARY', (word) => word),
    ...unknownStages(words, 'PIPELINE_PUSH_STAGES', (word) => word),
    ...pipeline(value, words),
    ...initialStacks(value, words),
    ...container(value, words),
    ...bothActive(value),
    ...journeys(value),
    ...edge(value, words),
    ...cors(value, words, (key) => assignments.has(key)),
  ];
}

function regions(value: Value): readonly Problem[] {
  const primary = value('PRIMARY_REGION');
  const secondary = value('SECONDARY_REGION');
  if (primary === undefined || secondary === undefined) return [];
  const refused = (allowed: string) => [
    { line: secondary.line, message: `SECONDARY_REGION: got ${shown(secondary.text)}, allowed: ${allowed}.` },
  ];
  if (primary.text === secondary.text) return refused(`another region than PRIMARY_REGION on line ${primary.line}`);
  const partitions = [knownPartition(primary.text), knownPartition(secondary.text)];
  if (partitions.includes(undefined) || partitions[0] === partitions[1]) return [];
  return refused(
    `a region of the partition ${partitions[0]}, as tables do not replicate from ${primary.text} to another one`,
  );
}

/** The stacks name buckets `<app>-<stage>-<name>-<region>-<account>`; `packages` is the longest name. Roles and functions are shorter. */
function bucketsOfApp(value: Value, words: Words): readonly Problem[] {
  const app = value('APP_NAME');
  if (app === undefined) return [];
  for (const stage of words('STAGES')) {
    for (const region of ['PRIMARY_REGION', 'SECONDARY_REGION'].flatMap((key) => value(key)?.text ?? [])) {
      const name = `${app.text}-${stage.text}-packages-${region}-000000000000`;
      const problem = bucketNameProblem(name);
      if (problem === undefined || (name.length <= 63 && !isPlain(app, stage))) continue;
      const message = `APP_NAME: got ${shown(app.text)}, which makes the bucket ${name}: ${problem}. Change APP_NAME or shorten the stage ${shown(stage.text)}.`;
      return [{ line: app.line, message }];
    }
  }
  return [];
}

function stateBucket(value: Value, words: Words): readonly Problem[] {
  const prefix = value('STATE_BUCKET_PREFIX');
  if (prefix === undefined) return [];
  for (const stage of words('STAGES')) {
    // The longer of the state's two buckets.
    const name = `${prefix.text}-${stage.text}${STATE_REPLICA_SUFFIX}`;
    const problem = isPlain(prefix, stage) ? bucketNameProblem(name) : undefined;
    if (problem === undefined) continue;
    const message = `STATE_BUCKET_PREFIX: got ${shown(prefix.text)}, which makes the bucket ${shown(name)}: ${problem}.`;
    return [{ line: prefix.line, message }];
  }
  return [];
}

/** Whether the words can stand in a bucket name; the schema reports those that cannot. */
function isPlain(...words: readonly Word[]): boolean {
  return words.every(({ text }) => /^[a-z0-9-]+$/.test(text));
}

/** @param stageOf - the stage that a word of the list is for; undefined for a word that the schema reports */
function unknownStages(words: Words, key: string, stageOf: (word: string) => string | undefined): readonly Problem[] {
  const stages = words('STAGES').map(({ text }) => text);
  if (stages.length === 0) return [];
  return words(key).flatMap(({ text, line }) => {
    const stage = stageOf(text);
    if (stage === undefined || stages.includes(stage)) return [];
    const message = `${key}: got the stage ${shown(stage)}, allowed: ${stages.join(', ')}.${didYouMean(stage, stages)}`;
    return [{ line, message }];
  });
}

function initialStacks(value: Value, words: Words): readonly Problem[] {
  const environments = words('API_ENVIRONMENTS').map(({ text }) => text);
  if (environments.length === 0) return [];
  const names = stackNames(environments, {
    edge: hasEdge(value),
    container: value('CONTAINER')?.text === 'active',
    pipeline: value('PIPELINE')?.text === 'active',
  });
  return words('INITIAL_STACKS')
    .filter(({ text }) => !names.includes(text))
    .map(({ text, line }) => {
      const allowed = `the name of a stack without its stage: ${names.join(', ')}`;
      return { line, message: `INITIAL_STACKS: got ${shown(text)}, allowed: ${allowed}.${didYouMean(text, names)}` };
    });
}

/** With both regions active there is none that traffic leaves as a whole, so there is nothing to hold, and none to be the active one. */
function bothActive(value: Value): readonly Problem[] {
  const policy = value('ROUTING_POLICY');
  if (policy?.text !== 'weighted' && policy?.text !== 'latency') return [];
  const beside = `ROUTING_POLICY="${policy.text}" on line ${policy.line}`;
  const both = `beside ${beside}, by which both regions have traffic`;
  const problems: Problem[] = [];
  const failback = value('FAILBACK');
  if (failback?.text !== 'automatic') {
    const got = failback === undefined ? 'nothing, which is "manual",' : shown(failback.text);
    const allowed = '"automatic", as that a region has traffic is no failover to hold. Write FAILBACK="automatic"';
    problems.push({ line: (failback ?? policy).line, message: `FAILBACK: got ${got} ${both}, allowed: ${allowed}.` });
  }
  const active = value('ACTIVE_REGION');
  if (active?.text === 'secondary') {
    const message = `ACTIVE_REGION: got "secondary" ${both}, allowed: "primary", which says nothing then. Delete it.`;
    problems.push({ line: active.line, message });
  }
  const [here, there] = [value('ROUTING_WEIGHT_PRIMARY'), value('ROUTING_WEIGHT_SECONDARY')];
  if (policy.text === 'weighted' && here?.text === '0' && there?.text === '0') {
    const message = `ROUTING_WEIGHT_SECONDARY: got "0" beside ROUTING_WEIGHT_PRIMARY="0" and ${beside}, allowed: a weight above 0 for one of them.`;
    problems.push({ line: there.line, message });
  }
  return problems;
}

/** What the stack `edge` reads, beside what every stage has. */
const EDGE_PARAMETERS = ['certificate_arn_edge', 'edge_secret'];

function hasEdge(value: Value): boolean {
  const state = value('EDGE')?.text;
  return state === 'standby' || state === 'active';
}

/** Source: Amazon CloudFront in the regions of China has other hosts, and names there need a licence: not built. */
function edge(value: Value, words: Words): readonly Problem[] {
  const state = value('EDGE');
  const bypass = value('EDGE_BYPASS');
  const problems: Problem[] = [];
  if (bypass?.text === 'closed' && state?.text !== 'active') {
    const beside = state === undefined ? 'without EDGE' : `beside EDGE=${shown(state.text)} on line ${state.line}`;
    const message = `EDGE_BYPASS: got "closed" ${beside}, allowed: "open", as clients come to the regions themselves until EDGE is "active".`;
    problems.push({ line: bypass.line, message });
  }
  if (state === undefined || !hasEdge(value)) return problems;
  const partition = knownPartition(value('PRIMARY_REGION')?.text ?? '');
  if (partition !== undefined && partition !== 'aws') {
    const message = `EDGE: got ${shown(state.text)}, allowed: "none" in the partition ${partition}, for whose CloudFront the stack is not built.`;
    problems.push({ line: state.line, message });
  }
  const listed = words('PARAMETERS').map(({ text }) => text);
  const missing = listed.length === 0 ? [] : EDGE_PARAMETERS.filter((name) => !listed.includes(name));
  if (missing.length > 0) {
    const message = `EDGE: got ${shown(state.text)} and no ${missing.join(' and ')} in PARAMETERS, allowed: a list with both, as the edge reads them. Add what is missing.`;
    problems.push({ line: state.line, message });
  }
  return problems;
}

/** Parameters that the container API has and nothing else: in the list only where there is one. */
const containerParameters = ['container_domain_name', 'container_image'];

function container(value: Value, words: Words): readonly Problem[] {
  const active = value('CONTAINER');
  const [least, most] = [value('CONTAINER_MINIMUM_TASKS'), value('CONTAINER_MAXIMUM_TASKS')];
  const bounds = [least?.text ?? '2', most?.text ?? '10'];
  const late = most ?? least;
  const crossed =
    late !== undefined && bounds.every((text) => /^\d{1,4}$/.test(text)) && Number(bounds[0]) > Number(bounds[1])
      ? [
          {
            line: late.line,
            message: `CONTAINER_MAXIMUM_TASKS: got ${bounds[1]} beside ${bounds[0]} of CONTAINER_MINIMUM_TASKS, allowed: as many or more.`,
          },
        ]
      : [];
  const problems = [...crossed, ...keptTooShortly(value)];
  if (active?.text !== 'active') return problems;
  const given = words('PARAMETERS').map(({ text }) => text);
  const missing = given.length === 0 ? [] : containerParameters.filter((name) => !given.includes(name));
  if (missing.length === 0) return problems;
  const names = missing.map(shown).join(' and ');
  const message = `CONTAINER: got "active" without ${names} in PARAMETERS, allowed: a list with what the container API reads. Add it.`;
  return [...problems, { line: active.line, message }];
}

/** Minutes that traffic takes to move. Source: AWS CodeDeploy User Guide, "Deployment configurations on an Amazon ECS compute platform". */
const SHIFT_MINUTES = new Map([
  ['canary', 5],
  ['linear', 10],
]);

/** Minutes beside the shift's, for alarms to go off in and for the command to hear of it. */
const KEEP_MARGIN = 5;

/** The region that moves first must still have its old tasks when the other one is through: where that fails, both go back to them. */
function keptTooShortly(value: Value): readonly Problem[] {
  const [keep, shift] = [value('CONTAINER_KEEP_MINUTES'), value('CONTAINER_SHIFT')];
  const minutes = SHIFT_MINUTES.get(shift?.text ?? '');
  if (keep === undefined || shift === undefined || minutes === undefined || !/^\d{1,4}$/.test(keep.text)) return [];
  const least = minutes + KEEP_MARGIN;
  // Less than 5 the field itself refuses.
  if (Number(keep.text) < 5 || Number(keep.text) >= least) return [];
  const beside = `beside CONTAINER_SHIFT=${shown(shift.text)} on line ${shift.line}`;
  const why = `as traffic of the other region moves for ${minutes} minutes, and where that fails this one goes back to its old tasks`;
  return [
    {
      line: keep.line,
      message: `CONTAINER_KEEP_MINUTES: got ${keep.text} ${beside}, allowed: ${least} or more, ${why}.`,
    },
  ];
}

/** What the pipeline reads, beside what every stage has. */
const PIPELINE_PARAMETER = 'pipeline_connection_arn';

function pipeline(value: Value, words: Words): readonly Problem[] {
  const active = value('PIPELINE');
  if (active?.text !== 'active') return [];
  const listed = words('PARAMETERS').map(({ text }) => text);
  const missing = [
    ...((value('PIPELINE_REPOSITORY')?.text ?? '') === '' ? ['PIPELINE_REPOSITORY'] : []),
    ...(listed.length === 0 || listed.includes(PIPELINE_PARAMETER) ? [] : [`${PIPELINE_PARAMETER} in PARAMETERS`]),
  ];
  if (missing.length === 0) return [];
  const message = `PIPELINE: got "active" without ${missing.join(' and ')}, allowed: with what is released, and the connection to where it is. Add it.`;
  return [{ line: active.line, message }];
}

/** The regions' REST APIs refuse then what does not come through the edge, and journeys ask them by their own names. */
function journeys(value: Value): readonly Problem[] {
  const minutes = value('JOURNEY_MINUTES');
  const bypass = value('EDGE_BYPASS');
  if (minutes === undefined || minutes.text === '0' || bypass?.text !== 'closed') return [];
  const allowed = '0, as the regions\' REST APIs answer nobody at their own names then, or EDGE_BYPASS="open"';
  const got = `got ${shown(minutes.text)} beside EDGE_BYPASS="closed" on line ${bypass.line}`;
  return [{ line: minutes.line, message: `JOURNEY_MINUTES: ${got}, allowed: ${allowed}.` }];
}

const corsLists = ['CORS_ALLOW_ORIGINS', 'CORS_ALLOW_METHODS', 'CORS_ALLOW_HEADERS', 'CORS_EXPOSE_HEADERS'];

/** With credentials a wildcard is no wildcard to a browser (Fetch Standard, "CORS protocol and credentials"), and API Gateway refuses `*`. */
function cors(value: Value, words: Words, isGiven: (key: string) => boolean): readonly Problem[] {
  const origins = words('CORS_ALLOW_ORIGINS');
  const mixed = origins.length < 2 ? [] : origins.filter(({ text }) => text === '*');
  const notAlone = mixed.map(({ line }) => ({
    line,
    message:
      'CORS_ALLOW_ORIGINS: got "*" beside other origins, allowed: "*" alone, or origins. Delete what is too much.',
  }));
  const credentials = value('CORS_ALLOW_CREDENTIALS');
  if (credentials?.text !== 'true') return notAlone;
  const wildcards = corsLists.flatMap((key) =>
    words(key)
      .filter(({ text }) => text === '*' || /^https?:\/\/\*$/.test(text))
      .map(({ text, line }) => ({
        line,
        message: `${key}: got ${shown(text)} together with CORS_ALLOW_CREDENTIALS="true" on line ${credentials.line}, allowed: names without wildcards. List them.`,
      })),
  );
  const defaultOrigin = {
    line: credentials.line,
    message:
      'CORS_ALLOW_CREDENTIALS: got "true" without CORS_ALLOW_ORIGINS, whose default is "*", allowed: true with listed origins. Add them.',
  };
  return [...notAlone, ...wildcards, ...(isGiven('CORS_ALLOW_ORIGINS') ? [] : [defaultOrigin])];
}
