/** A round as it is ordered, and how far it is. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Watched } from './page.ts';
import { type RoundOrder, type RoundState, STARTS, STEPS, type Step, WORLDS } from './round.ts';
import type { Say } from './view.ts';

const CROWDS = [0, 2_000, 6_000, 20_000, 60_000, 100_000] as const;
/**
 * Seconds of one processor: 206 were measured for 60,000 who let a release decide, 30 for as many of whom the shop's own
 * order does (`simulate --policy BUNDLE --no-truth`).
 */
const A_SHOPPER: Record<RoundOrder['from'], number> = { running: 206 / 60_000, 'first-weeks': 30 / 60_000 };
const SECONDS = [20, 60, 180, 300] as const;
/** The others, seconds: first weeks have a budget of 20 and are published. */
const USUAL: Record<Exclude<Step, 'crowd' | 'train'>, number> = { begin: 25, import: 5, release: 5 };

/** Where something is to be gained that the gate can see: from the first weeks at once, later where tastes are others. */
const OFFERED: Record<RoundOrder['from'], RoundOrder> = {
  'first-weeks': { from: 'first-weeks', crowd: 60_000, world: 'stationary', seconds: 180 },
  running: { from: 'running', crowd: 60_000, world: 'discount-trained', seconds: 180 },
};

export function retrain(watched: Watched, round: RoundState | undefined, say: Say): TemplateResult {
  return html`
    ${form(watched, round, say)}
    <p class="small">${say('firstWeeksText')} ${say('stronger')} ${say('takes')}</p>
    ${round?.decisions === undefined ? nothing : html`<p>${say('retrainText', { ...round.decisions })}</p>`}
    ${round === undefined ? nothing : progress(round, say)}
    ${
      round === undefined
        ? nothing
        : html`<details><summary>${say('log')}</summary><pre tabindex="0">${round.lines.join('\n')}</pre></details>`
    }
  `;
}

function form(watched: Watched, round: RoundState | undefined, say: Say): TemplateResult {
  const busy = round?.step !== undefined;
  const offered = OFFERED[round?.release === undefined ? 'first-weeks' : 'running'];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    watched.turn({
      from: form.get('from') as RoundOrder['from'],
      crowd: Number(form.get('crowd')),
      world: form.get('world') as RoundOrder['world'],
      seconds: Number(form.get('seconds')),
    });
  };
  const options = <V extends string | number>(
    of: keyof RoundOrder,
    values: readonly V[],
    words: (value: V) => string,
  ) => html`
    <label>${say(of)}
      <select name=${of} ?disabled=${busy}>
        ${values.map((value) => html`<option value=${value} ?selected=${value === offered[of]}>${words(value)}</option>`)}
      </select>
    </label>`;
  return html`
    <form class="qa-door" @submit=${submit}>
      ${options('from', STARTS, (name) => say(`from-${name}`))}
      ${options('crowd', CROWDS, (size) => (size === 0 ? say('crowdNone') : size.toLocaleString('en')))}
      ${options('world', WORLDS, (name) => say(name))}
      ${options('seconds', SECONDS, (seconds) => `${seconds} s`)}
      <button class="button" ?disabled=${busy || watched.loop?.trainer === undefined}>${say('turn')}</button>
    </form>
  `;
}

/** Every step with its time; the one that runs with how long it usually takes. */
function progress(round: RoundState, say: Say): TemplateResult {
  const { order, took, step: now } = round;
  const steps = STEPS.filter((step) => step !== 'begin' || order.from === 'first-weeks');
  const usual = (step: Step): number =>
    step === 'crowd' ? order.crowd * A_SHOPPER[order.from] : step === 'train' ? order.seconds : USUAL[step];
  const left =
    now === undefined ? 0 : steps.slice(steps.indexOf(now)).reduce((sum, step) => sum + usual(step), 0);
  const here = round.seconds - (round.stepBegan ?? 0);
  return html`
    <ol class="qa-progress">
      ${steps.map((step) => {
        const done = took[step];
        const state = step === now ? 'now' : done === undefined ? 'to-come' : 'done';
        return html`<li data-state=${state}>
          <span>${say(`step-${step}`)}</span>
          ${state === 'done' ? html`<span class="small">${seconds(done!)}</span>` : nothing}
          ${state === 'now' ? stepBar(here, usual(step), say) : nothing}
        </li>`;
      })}
    </ol>
    ${now === undefined ? nothing : html`<p class="small">${say('left', { seconds: seconds(Math.max(0, left - here)) })}<br />${round.lines.at(-1)}</p>`}
    <p class="quiet-label" role="status">${now === undefined ? '' : say('running', { step: say(`step-${now}`) })}</p>
    ${round.resumed ? html`<p class="small">${say('resumed')}</p>` : nothing}
  `;
}

const stepBar = (here: number, usual: number, say: Say): TemplateResult => html`
  <progress max="1" value=${Math.min(0.97, here / Math.max(1, usual))} aria-label=${say('how-far')}></progress>
  <span class="small">${say('of-usual', { here: seconds(here), usual: seconds(usual) })}</span>
`;

/** `45 s`, `3 min 5 s`. */
function seconds(of: number): string {
  const whole = Math.round(of);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
