/** What became of a round, as the page says it. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../shop/app.ts';
import type { Watched } from './page.ts';
import { retrain } from './retrain-view.ts';
import type { RoundState, Verdict } from './round.ts';
import { verdictWord } from './verdict-word.ts';
import type { Say } from './view.ts';

export function loopSteps(watched: Watched, say: Say): TemplateResult[] {
  const round = watched.loop?.round;
  return [
    html`<li data-step="retrain"><h2>${say('retrain')}</h2>${retrain(watched, round, say)}</li>`,
    html`<li data-step="gate"><h2>${say('gate')}</h2>${gate(watched, round, say)}</li>`,
    html`<li data-step="release"><h2>${say('release')}</h2>${release(watched, round, say)}</li>`,
  ];
}

function gate({ app, overrule }: Watched, round: RoundState | undefined, say: Say): TemplateResult {
  const { verdict, refused, release: published } = round ?? {};
  if (verdict === undefined) return html`<p>${refused ?? say('notYet')}</p>`;
  return html`
    <p class="badge ${verdict.shipped ? '' : 'held'}">${say(verdict.shipped ? 'shipped' : 'held')}</p>
    ${interval(verdict, say)}
    <p>${inWords(verdict, app, say)}</p>
    <details>
      <summary>${say('gateWords')}</summary>
      <ul>${verdict.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
    </details>
    ${
      verdict.shipped || published !== undefined || round?.step !== undefined
        ? nothing
        : html`<p><button type="button" class="button plain" @click=${overrule}>${say('overrule')}</button></p>`
    }
  `;
}

function inWords(verdict: Verdict, app: App, say: Say): string {
  const { low = 0, high = 0, minimumDetectableEffect: least = 0, against } = verdict;
  const money = (major: number): string => app.money(Math.round(100 * major));
  return say(verdictWord(verdict), {
    against: say(against === 'none' ? 'theNothing' : 'theEarlier'),
    ...{ low: money(low), high: money(high), least: money(least) },
  });
}

function interval({ value, low, high, against }: Verdict, say: Say): TemplateResult | typeof nothing {
  if (value === undefined || low === undefined || high === undefined) return nothing;
  const figure = (number: number): string => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(2)}`;
  return html`<p>${say('difference', { against, value: figure(value), low: figure(low), high: figure(high) })}</p>`;
}

function release({ loop, seats, probes }: Watched, round: RoundState | undefined, say: Say): TemplateResult {
  const running = loop?.trainer?.release;
  if (running === undefined) return html`<p>${say('notYet')}</p>`;
  const here = probes.at(-1)?.release;
  const frames = [...seats.taken.values()].filter((seat) => seat.release === running).length;
  return html`<p data-here=${here ?? ''} data-release=${running}>${
    round?.refused === undefined
      ? say('releaseText', { release: running, frames })
      : say('refusedText', { release: running })
  }</p>`;
}
