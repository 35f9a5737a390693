/** The page's drawing. */

import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { decisionTables } from './decision-tables.ts';
import type { Watched } from './page.ts';
import { loopSteps } from './round-view.ts';
import type { SeatPace } from './seat.ts';
import type { Seat } from './seats.ts';
import { tallyOf } from './tally.ts';
import { type QaWord, qaWord } from './words.ts';

export type Say = (key: QaWord, fill?: Record<string, string | number>) => string;

export function qaView(watched: Watched): TemplateResult {
  const say: Say = (key, fill) => qaWord(key, watched.app.language, fill);
  return html`
    <h1>${say('title')}</h1>
    <p class="qa-intro">${say('intro')}</p>
    ${watched.loop === undefined ? html`<p class="hint">${say(location.hostname === 'localhost' ? 'absent' : 'elsewhere')}</p>` : door(watched, say)}
    ${stage(watched, say)}
    <ol class="qa-steps">${shopSteps(watched, say)}${loopSteps(watched, say)}</ol>
    ${decisionTables(watched, say)}
    ${
      watched.failures.length === 0
        ? nothing
        : html`<section><h2>${say('failed')}</h2><ul>${watched.failures.map((text) => html`<li class="small">${text}</li>`)}</ul></section>`
    }
  `;
}

const SEATS = [1, 2, 3, 4, 6] as const;

function door(watched: Watched, say: Say): TemplateResult {
  const enter = (event: SubmitEvent): void => {
    event.preventDefault();
    if (watched.seats.open) {
      watched.seats.stop();
      return;
    }
    const form = new FormData(event.target as HTMLFormElement);
    watched.letIn(Number(form.get('count')), form.get('pace') as SeatPace, form.has('shares'));
  };
  const { open } = watched.seats;
  return html`
    <form class="qa-door" @submit=${enter}>
      <label>${say('shoppers')}
        <select name="count" ?disabled=${open}>${SEATS.map((count) => html`<option ?selected=${count === 4}>${count}</option>`)}</select>
      </label>
      <label>${say('pace')}
        <select name="pace" ?disabled=${open}>
          <option value="real">${say('real')}</option>
          <option value="fast">${say('fast')}</option>
        </select>
      </label>
      <label class="qa-check"><input type="checkbox" name="shares" checked ?disabled=${open} /> ${say('shares')}</label>
      <button class="button">${say(open ? 'stop' : 'start')}</button>
    </form>
  `;
}

function stage({ seats }: Watched, say: Say): TemplateResult {
  const taken = [...seats.taken.values()].sort((a, b) => a.number - b.number);
  if (taken.length === 0) return html`<p class="hint">${say('nobody')}</p>`;
  return html`<ul class="qa-stage">${repeat(
    taken,
    ({ frame }) => frame,
    (seat) => html`<li>${seatView(seat, say)}</li>`,
  )}</ul>`;
}

const seatView = ({ frame, part, state, release }: Seat, say: Say): TemplateResult => html`
  <figure>
    <div class="qa-frame">${frame}</div>
    <figcaption>
      <b>${say(part.persona as QaWord)}</b> <span>${say(state)}</span>
      ${release === undefined ? nothing : html`<span class="badge">${say('release')} ${release}</span>`}
    </figcaption>
  </figure>
`;

function shopSteps({ app, visits, seats, loop }: Watched, say: Say): TemplateResult[] {
  const { medianMs, revenue, refused, ...counts } = tallyOf(
    visits,
    [...seats.taken.values()].map(({ soFar }) => soFar),
  );
  const { trajectories, orders } = loop?.trainer ?? {};
  const holding = trajectories === undefined ? undefined : { trajectories, orders: orders ?? 0 };
  const list = Object.entries(refused).map(([code, count]) => `${code} ${count}`);
  const fill = {
    ...counts,
    took: medianMs === undefined ? '' : say('medianText', { ms: medianMs.toFixed(1) }),
    revenue: app.money(revenue),
    refused: list.join(', ') || '0',
    held: holding === undefined ? say('silent') : say('heldText', holding),
  };
  const steps: [QaWord, QaWord][] = [
    ['browse', 'browseText'],
    ['decide', 'decideText'],
    ['claim', 'claimText'],
    ['buy', 'buyText'],
    ['report', 'reportText'],
  ];
  return steps.map(
    ([name, text]) => html`<li data-step=${name}><h2>${say(name)}</h2><p>${say(text, fill)}</p></li>`,
  );
}
