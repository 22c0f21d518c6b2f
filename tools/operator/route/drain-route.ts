import { setTimeout as sleep } from 'node:timers/promises';
import { errorReason } from '#functions/error-reason.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { moveRoute, type RoutePlace, type RouteReport, type RouteRequest } from './move-route.ts';
import type { WriteGate } from './write-gate.ts';

/** How writes were held while traffic moved. Times are milliseconds. */
export interface Drained {
  /** Routes that responded with 429 meanwhile. */
  readonly routes: number;
  readonly heldFor: number;
  /** The greatest replication latency of late. Absent: there was none, and {@link WITHOUT_LATENCY} was taken for it. */
  readonly latency?: number;
  /** For replication, once the last write under way had ended. */
  readonly waited: number;
}

interface DrainOptions {
  /** Asks before anything is changed. */
  readonly confirmed: () => Promise<void>;
  /** Hears what is done now. */
  readonly onPhase: (phase: string) => void;
  /** Aborted: writes are let again; nothing moves unless it was written already. */
  readonly signal: AbortSignal;
}

/** Traffic was not moved, or writes could not be let again. */
class DrainError extends Error {
  override readonly name = 'DrainError';
  readonly exitCode = ExitCode.Failed;
}

/**
 * Seconds until no write is under way: 15 in which a changed stage serves everywhere, as a switch takes them, and the 29 that API Gateway waits for a
 * function at the most. Source: Amazon API Gateway Developer Guide, "Quotas", integration timeout.
 */
const UNDER_WAY_SECONDS = 44;
/** Milliseconds. Source: Amazon DynamoDB Developer Guide, "Global tables": usually within a second. */
const WITHOUT_LATENCY = 1000;
const TIMES = 10;
/** Replication that is further behind is not level by waiting. */
const MOST_LATENCY = 60_000;

/**
 * Moves traffic with no write under way: the region's writing routes are closed, then the last writes awaited, and what replication needs for them; then
 * traffic moves as by {@link moveRoute}, and once no DNS answer leads here any more the routes are open again, as they are after whatever went wrong.
 *
 * @throws what `moveRoute` throws; RefusedError, and nothing was changed, where replication is too far behind; DrainError
 */
export async function drainRoute(
  place: RoutePlace,
  gate: WriteGate,
  request: RouteRequest,
  { confirmed, onPhase, signal }: DrainOptions,
): Promise<RouteReport & { readonly drained?: Drained }> {
  const { timeScale } = place;
  const pause = (milliseconds: number) =>
    sleep(milliseconds, undefined, { signal }).catch(() => {
      throw new DrainError('Interrupted: nothing has moved, and writes are let again.');
    });
  let touched = false;
  let drained: (Omit<Drained, 'heldFor'> & { readonly since: number }) | undefined;
  const drain = async () => {
    const latency = await gate.latency();
    if (latency !== undefined && latency > MOST_LATENCY) throw tooFarBehind(place, latency);
    await confirmed();
    const since = Date.now();
    onPhase('Holding writes …');
    touched = true;
    const routes = await gate.hold();
    onPhase(`${routes} routes that write respond with 429. Waiting for writes under way, and for replication …`);
    await pause((UNDER_WAY_SECONDS * 1000) / timeScale);
    const waited = TIMES * (latency ?? WITHOUT_LATENCY / timeScale);
    await pause(waited);
    drained = { routes, since, waited, ...(latency !== undefined && { latency }) };
  };
  const move = async () => {
    const report = await moveRoute(place, request, drain, () =>
      onPhase('Written. Waiting for health checks and DNS …'),
    );
    // Clients that keep an answer still come here: what they write would be missing there for a moment.
    const left = drained ? report.at + report.predicted.atMost * 1000 - Date.now() : 0;
    if (left > 0) await pause(left).catch(() => undefined);
    // An earlier run that was killed may have left writes held.
    touched ||= report.outcome === 'already';
    return report;
  };
  const ended = await move().then(
    (report) => ({ report }),
    (error: unknown) => ({ error }),
  );
  if (touched) {
    await gate.release().catch((cause: unknown) => {
      throw stillHeld(place, gate, request, cause);
    });
  }
  if ('error' in ended) throw ended.error;
  const moved = ended.report;
  if (!drained) return moved;
  const { since, ...rest } = drained;
  return { ...moved, drained: { ...rest, heldFor: Date.now() - since } };
}

function tooFarBehind({ stage, flags }: RoutePlace, latency: number): RefusedError {
  return new RefusedError(
    `Replication took ${Math.round(latency / 1000)} s of late, more than ${MOST_LATENCY / 1000} s: waiting would not make the regions level. Nothing was changed. ` +
      `Look first: two-region status ${stage}${flags}`,
  );
}

function stillHeld({ stage, flags }: RoutePlace, gate: WriteGate, { region }: RouteRequest, cause: unknown): Error {
  return new DrainError(
    `Writes may still be refused with 429 in ${gate.region} (${errorReason(cause)}). The same command lets them again: ` +
      `two-region route-away ${stage} ${region} --drain${flags}`,
    { cause },
  );
}
