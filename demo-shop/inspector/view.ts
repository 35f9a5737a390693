/** The inspector's panel. */

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ConsentState, Explanation, PromoEdge } from '../../sdk/index.ts';
import { type Bar, barsOf, contributionBars, type Device, type Stretch } from './device.ts';
import { reasonText } from './reasons.ts';
import type { Language, Say } from './words.ts';

export interface Inspected {
  say: Say;
  language: Language;
  edge: PromoEdge;
  device: Device;
  /** Slots and promotions of the shop, to force one upon the other. */
  slots: readonly string[];
  promotions: readonly string[];
  close(): void;
  refresh(): void;
}

export const inspectorView = (inspected: Inspected): TemplateResult => html`
  <section class="inspector" aria-label=${inspected.say('label')}>
    <header>
      <h2>${inspected.say('title')}</h2>
      <button @click=${() => inspected.close()}>${inspected.say('close')} <kbd>Alt Shift P</kbd></button>
    </header>
    ${standing(inspected)} ${decisions(inspected)} ${events(inspected)} ${controls(inspected)}
  </section>
`;

function standing({
  say,
  device: { ready, consent, durable, decisions, dismissed },
}: Inspected): TemplateResult {
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
    ...PURPOSES.map((purpose): [string, string] => [say(purpose), consent[purpose]]),
    [say('kept'), say(durable ? 'onDevice' : 'inMemory')],
    [say('dismissed'), dismissed.join(', ') || say('none')],
  ];
  return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const time = (ts: number | undefined): string =>
  ts === undefined ? '' : new Date(ts).toLocaleTimeString('en-GB', { hour12: false });

function decisions({ say, language, device: { decisions } }: Inspected): TemplateResult {
  return html`
    <h3>${say('decisions')}</h3>
    ${decisions.length === 0 ? html`<p>${say('noDecision')}</p>` : nothing}
    ${repeat(
      decisions,
      (decision) => decision.id,
      (decision, i) => html`
        <details ?open=${i === 0}>
          <summary>
            <span>${time(decision.ts)} <b>${decision.slot}</b></span>
            <span class="action">${decision.action}</span>
            <span title=${say('chance')}>p ${decision.propensity.toFixed(3)}</span>
          </summary>
          ${decided(decision, say, language)}
        </details>
      `,
    )}
  `;
}

function decided(decision: Explanation, say: Say, language: Language): TemplateResult {
  return html`
    <ul class="reasons">
      ${decision.reasons.map((reason) => html`<li>${reasonText(reason, language)}</li>`)}
    </ul>
    <table>
      <caption>
        ${say('table', { events: decision.events, ms: decision.ms.toFixed(2) })}
      </caption>
      <thead>
        <tr><th scope="col">${say('promotion')}</th><th scope="col">Q</th><td></td><th scope="col">p</th></tr>
      </thead>
      <tbody>${barsOf(decision).map((bar) => row(bar, say))}</tbody>
    </table>
    ${decision.why === undefined ? nothing : contributions(decision.why, say)}
  `;
}

const contributions = (why: NonNullable<Explanation['why']>, say: Say): TemplateResult => html`
  <table>
    <caption>
      ${say('lead', {
        ...{ promotion: why.promotion, against: why.against },
        ...{ lead: figure(why.lead), unknown: figure(why.leadUnknown) },
      })}
    </caption>
    <tbody>${contributionBars(why).map(contributionRow)}</tbody>
  </table>
`;

const contributionRow = ({ label, value, from, width }: Stretch): TemplateResult => html`
  <tr>
    <th scope="row">${label}</th>
    <td>${figure(value)}</td>
    <td>${stretch({ value, from, width })}</td>
  </tr>
`;

const stretch = ({ value, from, width }: Omit<Stretch, 'label'>): TemplateResult => html`
  <svg viewBox="0 0 100 8" width="100" height="8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class=${value < 0 ? 'loss' : 'gain'} x=${from * 100} y="0" width=${Math.max(0.8, width * 100)} height="8" rx="1" />`}
  </svg>
`;

/** Three figures, whatever the unit. */
const figure = (value: number): string =>
  value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);

const row = (bar: Bar, say: Say): TemplateResult => html`
  <tr class=${bar.chosen ? 'chosen' : ''}>
    <th scope="row">${bar.label}</th>
    <td>${figure(bar.value)}</td>
    <td>
      ${stretch(bar)}
    </td>
    <td>${bar.probability === undefined ? say('masked') : bar.probability.toFixed(3)}</td>
  </tr>
`;

const events = ({ say, device: { events } }: Inspected): TemplateResult => html`
  <h3>${say('events')}</h3>
  ${events.length === 0 ? html`<p>${say('noEvents')}</p>` : nothing}
  <ol class="events">
    ${events.map(({ ts, name, about }) => html`<li><time>${time(ts)}</time> <b>${name}</b> <span>${about}</span></li>`)}
  </ol>
`;

const STATES: readonly ConsentState[] = ['pending', 'granted', 'denied'];
const PURPOSES = ['personalization', 'measurement', 'reports'] as const;

function controls({ say, edge, device, slots, promotions, refresh }: Inspected): TemplateResult {
  const force = (slot: string) => (event: Event) => {
    const action = (event.target as HTMLSelectElement).value;
    edge.override(slot, action === '' ? null : action);
  };
  const consent = (purpose: (typeof PURPOSES)[number]) => (event: Event) => {
    edge.setConsent({ [purpose]: (event.target as HTMLSelectElement).value as ConsentState });
    refresh();
  };
  return html`
    <h3>${say('force')}</h3>
    <p>${say('forceText')}</p>
    <div class="controls">
      ${slots.map(
        (slot) => html`<label>${slot}
          <select @change=${force(slot)}>
            <option value="">${say('asDecided')}</option>
            ${['none', ...promotions].map((id) => html`<option value=${id}>${id}</option>`)}
          </select>
        </label>`,
      )}
      ${PURPOSES.map(
        (purpose) => html`<label>${say(purpose)}
          <select @change=${consent(purpose)}>
            ${STATES.map((state) => html`<option ?selected=${device.consent[purpose] === state}>${state}</option>`)}
          </select>
        </label>`,
      )}
      <button @click=${() => void edge.forget().then(refresh)}>${say('forget')}</button>
    </div>
  `;
}
