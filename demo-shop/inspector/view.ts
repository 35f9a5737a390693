/** The inspector's panel. */

import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ConsentState, Explanation, PromoEdge } from '../../sdk/index.ts';
import { type Bar, barsOf, contributionBars, type Device, type Stretch } from './device.ts';
import { reasonText } from './reasons.ts';

export interface Inspected {
  edge: PromoEdge;
  device: Device;
  /** Slots and promotions of the shop, to force one upon the other. */
  slots: readonly string[];
  promotions: readonly string[];
  close(): void;
  refresh(): void;
}

export const inspectorView = (inspected: Inspected): TemplateResult => html`
  <section class="inspector" aria-label="Promo Edge inspector">
    <header>
      <h2>Inspector</h2>
      <button @click=${() => inspected.close()}>Close <kbd>Alt Shift P</kbd></button>
    </header>
    ${standing(inspected)} ${decisions(inspected.device)} ${events(inspected.device)} ${controls(inspected)}
  </section>
`;

function standing({ device: { ready, consent, durable, decisions } }: Inspected): TemplateResult {
  const times = decisions.map((decision) => decision.ms).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  const facts: [string, string][] = [
    ['Release', ready.release === undefined ? 'none: every decision is the default' : `${ready.release}`],
    ['Tier', ready.tier ?? 'none'],
    ['Ready', `${ready.ms.toFixed(0)} ms after the script tag`],
    ['Decisions', median === undefined ? 'none yet' : `${times.length}, median ${median.toFixed(2)} ms`],
    ['Personalization', consent.personalization],
    ['Measurement', consent.measurement],
    ['Kept', durable ? 'on this device' : 'in memory, until the page closes'],
  ];
  return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const time = (ts: number | undefined): string =>
  ts === undefined ? '' : new Date(ts).toLocaleTimeString('en-GB', { hour12: false });

function decisions({ decisions }: Device): TemplateResult {
  return html`
    <h3>Decisions</h3>
    ${decisions.length === 0 ? html`<p>None yet: a slot has to come into view.</p>` : nothing}
    ${repeat(
      decisions,
      (decision) => decision.id,
      (decision, i) => html`
        <details ?open=${i === 0}>
          <summary>
            <span>${time(decision.ts)} <b>${decision.slot}</b></span>
            <span class="action">${decision.action}</span>
            <span title="probability of this action when it was drawn">p ${decision.propensity.toFixed(3)}</span>
          </summary>
          ${decided(decision)}
        </details>
      `,
    )}
  `;
}

function decided(decision: Explanation): TemplateResult {
  return html`
    <ul class="reasons">
      ${decision.reasons.map((reason) => html`<li>${reasonText(reason)}</li>`)}
    </ul>
    <table>
      <caption>
        Expected reward, from ${decision.events} events, in ${decision.ms.toFixed(2)} ms
      </caption>
      <thead>
        <tr><th scope="col">Promotion</th><th scope="col">Q</th><th scope="col"></th><th scope="col">p</th></tr>
      </thead>
      <tbody>${barsOf(decision).map(row)}</tbody>
    </table>
    ${decision.why === undefined ? nothing : contributions(decision.why)}
  `;
}

const contributions = (why: NonNullable<Explanation['why']>): TemplateResult => html`
  <table>
    <caption>
      Lead of ${why.promotion} over ${why.against}: ${figure(why.lead)}, of a stranger ${figure(why.leadUnknown)}. What each
      group of facts adds (exact Shapley values)
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

const row = (bar: Bar): TemplateResult => html`
  <tr class=${bar.chosen ? 'chosen' : ''}>
    <th scope="row">${bar.label}</th>
    <td>${figure(bar.value)}</td>
    <td>
      ${stretch(bar)}
    </td>
    <td>${bar.probability === undefined ? 'masked' : bar.probability.toFixed(3)}</td>
  </tr>
`;

const events = ({ events }: Device): TemplateResult => html`
  <h3>Events on this device</h3>
  ${events.length === 0 ? html`<p>None.</p>` : nothing}
  <ol class="events">
    ${events.map(({ ts, name, about }) => html`<li><time>${time(ts)}</time> <b>${name}</b> <span>${about}</span></li>`)}
  </ol>
`;

const STATES: readonly ConsentState[] = ['pending', 'granted', 'denied'];

function controls({ edge, device, slots, promotions, refresh }: Inspected): TemplateResult {
  const force = (slot: string) => (event: Event) => {
    const action = (event.target as HTMLSelectElement).value;
    edge.override(slot, action === '' ? null : action);
  };
  const consent = (purpose: 'personalization' | 'measurement') => (event: Event) => {
    edge.setConsent({ [purpose]: (event.target as HTMLSelectElement).value as ConsentState });
    refresh();
  };
  return html`
    <h3>Force</h3>
    <p>Takes effect at the slot's next decision: turn the page. Forced decisions are not logged.</p>
    <div class="controls">
      ${slots.map(
        (slot) => html`<label>${slot}
          <select @change=${force(slot)}>
            <option value="">as the policy decides</option>
            ${['none', ...promotions].map((id) => html`<option value=${id}>${id}</option>`)}
          </select>
        </label>`,
      )}
      ${(['personalization', 'measurement'] as const).map(
        (purpose) => html`<label>${purpose}
          <select @change=${consent(purpose)}>
            ${STATES.map((state) => html`<option ?selected=${device.consent[purpose] === state}>${state}</option>`)}
          </select>
        </label>`,
      )}
      <button @click=${() => void edge.forget().then(refresh)}>Forget everything</button>
    </div>
  `;
}
