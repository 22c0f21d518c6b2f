import type { RuntimeControls } from './control/controls.ts';
import { refuseSecondRuntime } from './control/state-file.ts';
import type { RuntimeSummary } from './control/summary.ts';
import { openDataFolder } from './data/data-folder.ts';
import type { Debugging } from './debug/doors.ts';
import type { RuntimeLog } from './events/runtime-log.ts';
import type { Service } from './http/listen.ts';
import type { SourceMapOf } from './lambda/source-positions.ts';
import { SERVICE_NAMES } from './runtime/aws-services.ts';
import { loadModel, type Synthesis } from './runtime/load-model.ts';
import { assignPorts, explainTakenPort, requireFreePorts } from './runtime/ports.ts';
import { startServices, type WorkingTree } from './runtime/start-services.ts';
import { Startup, type Step } from './runtime/startup.ts';
import { readingKept } from './ssm/contents.ts';

export interface LocalRuntimeOptions {
  /** Writes what would be deployed; the runtime knows nothing but that. */
  readonly synthesize: () => Promise<Synthesis>;
  /** Of the entry; the regions take the next two. 0: any free ones. */
  readonly port: number;
  /** Of the first service of the fake AWS; the others take the next ones. @default 0, any free ones */
  readonly awsPort?: number;
  /** Folder that keeps tables, objects and parameters. @default - they end with the runtime */
  readonly dataFolder?: string | undefined;
  readonly replicationLagMilliseconds: number;
  /** 10: health checks and TTLs run ten times as fast. */
  readonly timeScale: number;
  /** false: no metrics, no alarms, and no web ACL, to measure what they cost. @default true */
  readonly isWatched?: boolean;
  /** Whether web ACLs block this machine's own address, too, which else they count alone. @default false */
  readonly waf?: boolean | undefined;
  /** Folder that gets `.two-region/local.json`; one runtime per folder. */
  readonly directory: string;
  readonly log: RuntimeLog;
  /** Names whose values are not recorded of requests, beside callers' credentials. @default - none */
  readonly secrets?: readonly string[] | undefined;
  /** Finds source maps of the functions' packages. @default - there are none */
  readonly sourceMapOf?: SourceMapOf;
  /** Lets debuggers look into the functions. @default - none may */
  readonly debugging?: Debugging | undefined;
  /** Hears of each step of the start-up once it is done. */
  readonly onStep?: (step: Step) => void;
}

/** A running local runtime. `close` ends everything, the last that was started first. */
export interface LocalRuntime extends Service {
  /** As it was at the start; `controls.regions()` follows the target. */
  readonly summary: RuntimeSummary;
  readonly controls: RuntimeControls;
  /** Takes what is saved while it runs. */
  readonly workingTree: WorkingTree;
  readonly log: RuntimeLog;
}

/**
 * Starts both regions of a stage on this machine.
 *
 * @throws PortTakenError, RuntimeRunningError, and whatever synthesis and evaluation find wrong; nothing is left running then
 */
export async function startLocalRuntime(options: LocalRuntimeOptions): Promise<LocalRuntime> {
  const { synthesize, directory, log } = options;
  const startup = new Startup(options.onStep);
  const ports = assignPorts(options.port, options.awsPort);
  try {
    await refuseSecondRuntime(directory);
    await requireFreePorts(ports, SERVICE_NAMES);
    const synthesis = await startup.step('synthesized', synthesize);
    const { parameters, stage } = synthesis;
    const data = options.dataFolder === undefined ? undefined : openDataFolder(options.dataFolder, stage);
    if (data) startup.keep(data);
    const loaded = await startup.step('resolved', () => loadModel(synthesis, data && readingKept(data.open('ssm'))));
    const started = await startup.step('started', () =>
      startServices(startup, { ...options, ...loaded, parameters, ports, data }),
    );
    return { ...started, log, close: () => startup.close() };
  } catch (error) {
    await startup.close();
    throw explainTakenPort(error);
  }
}
