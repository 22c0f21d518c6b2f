import { LEFT_OUT } from '#local/route53/predictions.ts';
import { predictionChart, requestsChart } from './charts.ts';
import { type Html, html } from './html.ts';
import type { Counts, DrillReport, Objective, ScenarioReport } from './report-schema.ts';
import { STYLE } from './style.ts';

/** The report as one file of HTML: nothing of it is anywhere else, and no script is in it. */
export function reportPage(report: DrillReport): string {
  const { stage, place, regions, timeScale, load, failback, startedAt, scenarios, missed, passed, preflight } = report;
  const scale =
    timeScale === 1
      ? ''
      : ` Time ran ${timeScale} times as fast as on AWS; seconds in this report are AWS's, unless it is said otherwise.`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Drill of ${stage}: ${passed ? 'passed' : 'failed'}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Drill of ${stage} ${verdict(passed)}</h1>
<p class="dim">${startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}, ${place === 'aws' ? 'on AWS' : 'on the local runtime'}: ${regions.primary ?? ''} (primary) and ${regions.secondary ?? ''} (secondary),
${load} requests a second, half of them on new connections and half on kept ones. FAILBACK is ${failback}.${scale}</p>
</header>
${missed.length === 0 ? '' : html`<section class="card"><h2 class="bad">Objectives of settings.conf that were missed</h2><ul>${missed.map((each) => html`<li>${each}</li>`)}</ul></section>`}
<section class="card">
<h2>In short</h2>
<div class="wide"><table>
<thead><tr><th>Scenario</th><th>Verdict</th><th>Traffic</th><th class="number">Noticed</th><th class="number">Served: new</th><th class="number">Served: kept</th><th class="number">Failed</th><th class="number">Lost writes</th></tr></thead>
<tbody>${scenarios.map(summaryRow)}</tbody>
</table></div>
<h3>Before it began</h3>
<ul>${preflight.map((each) => html`<li>${each}</li>`)}</ul>
</section>
${scenarios.map(scenarioSection)}
<footer class="dim"><p>Predictions come from the intervals, thresholds and time-outs of the health checks and the TTL of the records. ${LEFT_OUT}</p>
<p>The same as data: <code>report.json</code> beside this file.</p></footer>
</body>
</html>
`.text;
}

function summaryRow({ scenario, passed, moves, measures, requests, writes }: ScenarioReport): Html {
  const figure = (id: string) => {
    const found = measures.find((each) => each.id === id);
    return found === undefined ? '' : found.seconds === null ? 'not' : `${found.seconds} s`;
  };
  const failed = Object.values(requests.all).reduce((sum, each) => sum + each.failed, 0);
  return html`<tr><td><a href="#${scenario}">${scenario}</a></td><td>${verdict(passed)}</td><td>${moves ? 'moves' : 'stays'}</td>
<td class="number">${figure('noticed')}</td><td class="number">${figure('new')}</td><td class="number">${figure('kept')}</td><td class="number">${failed}</td><td class="number">${writes.lost}</td></tr>`;
}

function scenarioSection(report: ScenarioReport): Html {
  const { scenario, title, done, passed, conditions, measures, moves, unnoticed, objectives } = report;
  const expected = moves
    ? 'Traffic goes to the secondary region.'
    : unnoticed === null
      ? 'Traffic stays where it is.'
      : `Traffic stays where it is: ${unnoticed}. Clients get the errors until somebody acts.`;
  return html`<section class="card scenario" id="${scenario}">
<h2>${title} ${verdict(passed)} <span class="dim"><code>${scenario}</code></span></h2>
<p>${done} <span class="dim">Expected: ${expected}</span></p>
<h3>What had to be so</h3>
<ul class="plain">${conditions.map(({ text, passed: held, detail }) => html`<li>${sign(held)}${text} <span class="dim">${detail}</span></li>`)}</ul>
${objectives.length === 0 ? '' : html`<h3>Objectives</h3><ul class="plain">${objectives.map(objectiveLine)}</ul>`}
<h3>Measured, beside what was predicted</h3>
<p class="legend"><span><i class="range"></i>predicted</span><span>a point: measured, from the fault; what comes after recovery, from there</span></p>
<div class="wide">${predictionChart(measures)}</div>
<h3>Requests on new connections</h3>
${legend()}
<div class="wide">${requestsChart(report, 'new')}</div>
<h3>Requests on kept connections</h3>
<div class="wide">${requestsChart(report, 'kept')}</div>
${requestTable(report)}
${writesPart(report)}
${sawPart(report)}
</section>`;
}

function legend(): Html {
  return html`<p class="legend"><span><i class="ok"></i>served</span><span><i class="slow"></i>slow or refused</span><span><i class="failed"></i>failed</span></p>`;
}

const KINDS: Readonly<Record<string, string>> = {
  new: 'new connections',
  kept: 'kept connections',
  secondary: "the secondary region's own door",
  overload: 'in excess of what is allowed',
};

function requestTable({ requests: { all, duringFault, problems } }: ScenarioReport): Html {
  const row =
    (when: string) =>
    ([kind, counts]: [string, Counts]) =>
      html`<tr><td>${KINDS[kind] ?? kind}</td><td>${when}</td><td class="number">${counts.sent}</td><td class="number">${counts.ok}</td><td class="number">${counts.slow}</td><td class="number">${counts.refused}</td><td class="number">${counts.failed}</td></tr>`;
  return html`<div class="wide"><table>
<thead><tr><th>Requests</th><th></th><th class="number">sent</th><th class="number">served</th><th class="number">slow</th><th class="number">refused (429)</th><th class="number">failed</th></tr></thead>
<tbody>${Object.entries(all).map(row('in all'))}${Object.entries(duringFault).map(row('during the fault'))}</tbody></table></div>
${problems.length === 0 ? '' : html`<ul>${problems.map(({ route, problem, count }) => html`<li>${count} × <code>${route}</code> ${problem}</li>`)}</ul>`}`;
}

function writesPart({ writes }: ScenarioReport): Html {
  const { acknowledged, items, lost, stale, conflicts, examples, lackedSeconds } = writes;
  const lacked =
    lackedSeconds === null
      ? ''
      : lackedSeconds === 0
        ? ' When traffic came to the secondary region, it had every write that the primary one had acknowledged.'
        : ` When traffic came to the secondary region, it lacked writes of the last ${lackedSeconds} s (of this machine's clock) that the primary one had acknowledged.`;
  return html`<h3>Writes</h3>
<p>${acknowledged} acknowledged writes of ${items} items, read back in both regions: <strong class="${lost > 0 ? 'bad' : 'good'}">${lost} lost</strong>, ${conflicts} written in both regions at the same time. ${stale} reads did not find what had been acknowledged before.${lacked}</p>
${examples.length === 0 ? '' : html`<ul>${examples.map((each) => html`<li>${each}</li>`)}</ul>`}`;
}

function sawPart({ saw: { alarms, status } }: ScenarioReport): Html {
  const changes = alarms.map(
    ({ seconds, region, name, from, to, reason }) =>
      html`<tr><td class="number">${seconds} s</td><td class="short">${region}</td><td><code>${name}</code></td><td class="${to === 'ALARM' ? 'bad' : ''}">${from} → ${to}</td><td class="dim">${reason}</td></tr>`,
  );
  return html`<h3>What operators saw</h3>
${
  changes.length === 0
    ? html`<p>No alarm changed.</p>`
    : html`<div class="wide"><table><thead><tr><th class="number">after</th><th>region</th><th>alarm</th><th>state</th><th>why</th></tr></thead><tbody>${changes}</tbody></table></div>`
}
${status.map(({ moment, seconds, lines }) => html`<p><code>two-region status</code> ${moment} <span class="dim">(after ${seconds} s)</span>: ${lines.length === 0 ? 'everything is as it should be.' : ''}</p>${lines.length === 0 ? '' : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`}`)}`;
}

function objectiveLine({ name, limit, measured, met }: Objective): Html {
  const unit = name === 'ERROR_BUDGET_PERCENT' ? ' %' : ' s';
  const what =
    measured === null
      ? met === null
        ? 'not judged: nothing recovers by itself'
        : 'not reached'
      : `measured ${measured}${unit}`;
  return html`<li>${met === null ? html`<span class="sign dim">–</span>` : sign(met)}<code>${name}</code> ${limit}${unit}: ${what}</li>`;
}

function sign(isWell: boolean): Html {
  return isWell
    ? html`<span class="sign good" aria-label="passed">✓</span>`
    : html`<span class="sign bad" aria-label="failed">✗</span>`;
}

function verdict(passed: boolean): Html {
  return passed ? html`<span class="verdict good">passed</span>` : html`<span class="verdict bad">failed</span>`;
}
