/** The inspector's panel. */

import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PromoEdge } from '../../sdk/index.ts';
import { controls, PURPOSES } from './controls-view.ts';
import { decisionView } from './decision-view.ts';
import type { Device } from './device.ts';
import type { Looking } from './looking.ts';
import type { Language, Say } from './words.ts';

export interface View {
  say: Say;
  language: Language;
  edge: PromoEdge;
  device: Device;
  looking: Looking;
  /** Of the release that is looked at beside the one that runs. */
  version: number;
  /** Slots and promotions of the shop, to force one upon the other. */
  slots: readonly string[];
  promotions: readonly string[];
  close(): void;
  refresh(): void;
  look(version: number): void;
  /** Has the page's slots decided anew. */
  redecide(): void;
}

export const inspectorView = (view: View): TemplateResult => html`
  <section class="inspector" aria-label=${view.say('label')}>
    <header>
      <h2>${view.say('title')}</h2>
      <button type="button" @click=${() => view.close()}>${view.say('close')} <kbd>Alt Shift P</kbd></button>
    </header>
    ${standing(view)} ${decisions(view)} ${events(view)} ${controls(view)}
  </section>
`;

function standing({ say, device: { ready, consent, durable, decisions, dismissed } }: View): TemplateResult {
  const times = decisions.map((decision) => decision.ms).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  const facts: [string, string][] = [
    [say('release'), ready.release === undefined ? say('noRelease') : `${ready.release}`],
    [say('tier'), ready.tier ?? say('none')],
    [say('ready'), say('readyAfter', { ms: ready.ms.toFixed(0) })],
    [
      say('decisions'),
      median === undefined ? say('noneYet') : say('median', { n: times.length, ms: median.toFixed(2) }),
    ],
    ...PURPOSES.map((purpose): [string, string] => [say(purpose), say(consent[purpose])]),
    [say('kept'), say(durable ? 'onDevice' : 'inMemory')],
    [say('dismissed'), dismissed.join(', ') || say('none')],
  ];
  return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const time = (ts: number | undefined): string =>
  ts === undefined ? '' : new Date(ts).toLocaleTimeString('en-GB', { hour12: false });

function decisions(view: View): TemplateResult {
  const { say, device } = view;
  return html`
    <h3>${say('decisions')}</h3>
    ${device.decisions.length === 0 ? html`<p>${say('noDecision')}</p>` : nothing}
    ${repeat(
      device.decisions,
      (decision) => decision.id,
      (decision, i) => html`
        <details ?open=${i === 0}>
          <summary>
            <span>${time(decision.ts)} <b>${decision.slot}</b></span>
            <span class="action">${decision.action}</span>
            <span title=${say('chance')}>p ${decision.propensity.toFixed(3)}</span>
          </summary>
          ${decisionView(decision, view)}
        </details>
      `,
    )}
  `;
}

const events = ({ say, device: { events } }: View): TemplateResult => html`
  <h3>${say('events')}</h3>
  ${events.length === 0 ? html`<p>${say('noEvents')}</p>` : nothing}
  <ol class="events">
    ${events.map(({ ts, name, about }) => html`<li><time>${time(ts)}</time> <b>${name}</b> <span>${about}</span></li>`)}
  </ol>
`;
