/** What the inspector changes, in this tab alone: forced actions, another release, consent, forgetting. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { ConsentState } from '../../sdk/index.ts';
import type { Choosing } from '../../sdk/inspect/index.ts';
import type { View } from './view.ts';

const STATES: readonly ConsentState[] = ['pending', 'granted', 'denied'];
export const PURPOSES = ['personalization', 'measurement', 'reports'] as const;

export function controls(view: View): TemplateResult {
  const { say, edge, slots, promotions, redecide } = view;
  const force = (slot: string) => (event: Event) => {
    const action = (event.target as HTMLSelectElement).value;
    edge.override(slot, action === '' ? null : action);
    redecide();
  };
  return html`
    ${swap(view)}
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
      ${consents(view)}
      <button type="button" @click=${() => void edge.forget().then(view.refresh)}>${say('forget')}</button>
    </div>
  `;
}

const consents = ({ say, edge, device, refresh }: View): TemplateResult[] =>
  PURPOSES.map((purpose) => {
    const change = (event: Event): void => {
      edge.setConsent({ [purpose]: (event.target as HTMLSelectElement).value as ConsentState });
      refresh();
    };
    return html`<label>${say(purpose)}
      <select @change=${change}>
        ${STATES.map((state) => html`<option value=${state} ?selected=${device.consent[purpose] === state}>${say(state)}</option>`)}
      </select>
    </label>`;
  });

function swap({ say, looking, device, version, look, redecide }: View): TemplateResult {
  const { swapped, failure } = looking;
  const use = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    await looking.use(Number(form.get('version')), form.get('choosing') as Choosing);
    redecide();
  };
  const back = (): void => {
    looking.back();
    redecide();
  };
  return html`
    <h3>${say('swap')}</h3>
    <p>${say('swapText')}</p>
    <form class="controls" @submit=${use}>
      <label>${say('version')}
        <input name="version" type="number" min="1" required .value=${String(version)}
          @change=${(event: Event) => look(Number((event.target as HTMLInputElement).value))} />
      </label>
      <label>${say('choosing')}
        <select name="choosing">
          <option value="explore">${say('explore')}</option>
          <option value="best">${say('bestAlways')}</option>
        </select>
      </label>
      <div class="row">
        <button>${say('use')}</button>
        ${
          swapped === undefined
            ? nothing
            : html`<button type="button" @click=${back}>${say('back', { n: device.ready.release ?? '–' })}</button>`
        }
      </div>
    </form>
    <p role="status" data-swapped=${swapped?.version ?? ''}>
      ${failure === undefined ? nothing : say('notOpened', { why: failure.message })}
      ${swapped === undefined ? nothing : say('swapped', { n: swapped.version })}
      ${swapped?.expired ? say('expired') : nothing}
    </p>
  `;
}
