/** Retrain, gate and release, as the page says them. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../shop/app.ts';
import type { Watched } from './page.ts';
import { type RoundOrder, type RoundState, type Step, type Verdict, WORLDS } from './round.ts';
import { verdictWord } from './verdict-word.ts';
import type { Say } from './view.ts';

const CROWDS = [0, 2_000, 6_000, 20_000, 60_000] as const;
/** Of one processor: 206 s were measured for 60,000 who let a release decide (`simulate --policy BUNDLE --no-truth`). */
const SECONDS_A_SHOPPER = 206 / 60_000;
/** Where a release for other tastes has most to gain: see README.md. */
const WORLD: RoundOrder['world'] = 'discount-trained';
const SECONDS = [20, 60, 180] as const;

export function loopSteps(watched: Watched, say: Say): TemplateResult[] {
  const round = watched.loop?.round;
  return [
    html`<li data-step="retrain"><h2>${say('retrain')}</h2>${retrain(watched, round, say)}</li>`,
    html`<li data-step="gate"><h2>${say('gate')}</h2>${gate(watched, round, say)}</li>`,
    html`<li data-step="release"><h2>${say('release')}</h2>${release(watched, round, say)}</li>`,
  ];
}

function retrain(watched: Watched, round: RoundState | undefined, say: Say): TemplateResult {
  const busy = round?.step !== undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    watched.turn({
      crowd: Number(form.get('crowd')),
      world: form.get('world') as RoundOrder['world'],
      seconds: Number(form.get('seconds')),
    });
  };
  return html`
    <form class="qa-door" @submit=${submit}>
      <label>${say('crowd')}
        <select name="crowd">
          ${CROWDS.map((size) => html`<option value=${size} ?selected=${size === 6_000}>${crowdWords(size, say)}</option>`)}
        </select>
      </label>
      <label>${say('world')}
        <select name="world">${WORLDS.map((name) => html`<option value=${name} ?selected=${name === WORLD}>${say(name)}</option>`)}</select>
      </label>
      <label>${say('seconds')}
        <select name="seconds">${SECONDS.map((seconds) => html`<option value=${seconds} ?selected=${seconds === 60}>${seconds} s</option>`)}</select>
      </label>
      <button class="button" ?disabled=${busy || watched.loop?.trainer === undefined}>${say('turn')}</button>
    </form>
    <p class="small">${say('stronger')} ${say('takes')}</p>
    ${round?.decisions === undefined ? nothing : html`<p>${say('retrainText', { ...round.decisions })}</p>`}
    ${round === undefined ? nothing : html`<p class="small">${tookWords(round, say)}</p>`}
    ${
      round?.step === undefined
        ? nothing
        : html`<p role="status">${say('running', { step: say(`step-${round.step}`), seconds: round.seconds.toFixed(0) })}</p>`
    }
    ${
      round === undefined
        ? nothing
        : html`<details><summary>${say('log')}</summary><pre tabindex="0">${round.lines.join('\n')}</pre></details>`
    }
  `;
}

/** How many, and how long it takes until they have been. */
const crowdWords = (size: number, say: Say): string =>
  size === 0
    ? say('crowdNone')
    : say('crowdSize', { n: size.toLocaleString('en'), seconds: Math.ceil(size * SECONDS_A_SHOPPER) });

/** How long each step took that has ended. */
const tookWords = ({ took }: RoundState, say: Say): string =>
  Object.entries(took)
    .map(([step, seconds]) => say('took', { step: say(`step-${step as Step}`), seconds: seconds.toFixed(0) }))
    .join(' · ');

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
