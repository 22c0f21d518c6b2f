import { type Html, html } from './html.ts';
import type { Measure, ScenarioReport } from './report-schema.ts';

const WIDTH = 860;
const LEFT = 44;
const RIGHT = 12;
const TOP = 30;
const HEIGHT = 120;
const BOTTOM = 24;
const INNER = WIDTH - LEFT - RIGHT;

/** What became of the requests of one kind of connection, over time: a bar for each moment, with what happened then above it. */
export function requestsChart({ series, marks, seconds }: ScenarioReport, kind: 'kept' | 'new'): Html {
  const { buckets, bucketSeconds } = series;
  const most = Math.max(1, ...buckets.map((bucket) => bucket[kind].sent));
  const end = Math.max(seconds, 1);
  const x = (at: number) => LEFT + (at / end) * INNER;
  const heightOf = (count: number) => (count / most) * HEIGHT;
  const width = Math.max(1, (bucketSeconds / end) * INNER - 0.5);
  const bars = buckets.map((bucket) => {
    const { ok, slow, failed, refused } = bucket[kind];
    let base = TOP + HEIGHT;
    return [
      ['ok', ok],
      ['slow', slow + refused],
      ['failed', failed],
    ].map(([name, count]) => {
      const height = heightOf(Number(count));
      base -= height;
      const shown = Math.min(width, LEFT + INNER - x(bucket.seconds));
      return height === 0 || shown <= 0
        ? ''
        : html`<rect class="${String(name)}" x="${short(x(bucket.seconds))}" y="${short(base)}" width="${short(shown)}" height="${short(height)}"/>`;
    });
  });
  const totals = buckets.reduce((sum, bucket) => sum + bucket[kind].failed, 0);
  const title = `Requests on ${kind} connections over ${seconds} s: ${totals} failed`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${TOP + HEIGHT + BOTTOM}" role="img" aria-label="${title}">
${marks.map(({ seconds: at, text, kind: what }, index) => markAt(x(at), text, what, index))}
<line class="axis" x1="${LEFT}" y1="${TOP + HEIGHT}" x2="${LEFT + INNER}" y2="${TOP + HEIGHT}"/>
<text class="tick" x="${LEFT - 6}" y="${TOP + 8}" text-anchor="end">${perSecond(most / bucketSeconds)}</text>
<text class="tick" x="${LEFT - 6}" y="${TOP + HEIGHT}" text-anchor="end">0</text>
${bars}
${ticksOf(end).map((at) => html`<text class="tick" x="${short(x(at))}" y="${TOP + HEIGHT + 16}" text-anchor="middle">${at} s</text>`)}
</svg>`;
}

/** Neighbours stand on two lines, so that they can be read. */
function markAt(x: number, text: string, kind: string, index: number): Html {
  const y = index % 2 === 0 ? 10 : 22;
  const isLate = x > WIDTH - 90;
  return html`<line class="mark ${kind}" x1="${short(x)}" y1="${y + 3}" x2="${short(x)}" y2="${TOP + HEIGHT}"/><text class="tick" x="${short(isLate ? x - 3 : x + 3)}" y="${y}" text-anchor="${isLate ? 'end' : 'start'}">${text}</text>`;
}

const ROW = 30;
const NAMES = 350;
const FIGURES = 210;

/** Each figure as a point beside the range that was predicted. */
export function predictionChart(measures: readonly Measure[]): Html {
  const shown = measures.filter(({ predicted, seconds }) => predicted !== null || seconds !== null);
  const longest = Math.max(1, ...shown.flatMap(({ predicted, seconds }) => [seconds ?? 0, predicted?.atMost ?? 0]));
  const inner = WIDTH - NAMES - FIGURES;
  const x = (at: number) => NAMES + (at / longest) * inner;
  const height = shown.length * ROW + 8;
  const rows = shown.map(({ what, seconds, predicted, from }, index) => {
    const y = index * ROW + ROW / 2 + 4;
    const isLate = predicted !== null && seconds !== null && seconds > predicted.atMost;
    const range = predicted === null ? '' : ` (predicted ${predicted.atLeast} to ${predicted.atMost} s)`;
    return html`<text class="name" x="${NAMES - 10}" y="${y + 4}" text-anchor="end">${what}</text>
<line class="axis" x1="${NAMES}" y1="${y}" x2="${NAMES + inner}" y2="${y}"/>
${predicted === null ? '' : html`<rect class="range" x="${short(x(predicted.atLeast))}" y="${y - 6}" width="${short(Math.max(2, x(predicted.atMost) - x(predicted.atLeast)))}" height="12" rx="3"/>`}
${seconds === null ? '' : html`<circle class="${isLate ? 'late' : 'point'}" cx="${short(x(seconds))}" cy="${y}" r="5"/>`}
<text class="figure" x="${NAMES + inner + 12}" y="${y + 4}">${seconds === null ? 'did not happen' : `${seconds} s`}<tspan class="dim">${range}</tspan></text><title>${what}, counted from ${from}</title>`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Measured times beside their predictions">${rows}</svg>`;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600] as const;

function ticksOf(end: number): readonly number[] {
  const step = STEPS.find((each) => end / each <= 10) ?? 7200;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function perSecond(value: number): string {
  return `${value >= 10 ? Math.round(value) : short(value)}/s`;
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}
