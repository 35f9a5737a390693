/** A decision's replay: by the release that made it, and by the one that runs now. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { KeptDecision, Replay } from '../../sdk/inspect/index.ts';
import { figure } from './figures.ts';
import { type Replayed, replayKey } from './looking.ts';
import type { View } from './view.ts';
import type { Say } from './words.ts';

export function replayView(kept: KeptDecision, { say, looking, device, version }: View): TemplateResult {
  // The one that made it, the one that runs, the one that is looked at.
  const versions = [...new Set([kept.release, device.ready.release ?? kept.release, version])];
  return html`
    <p class="row">
      ${versions.map(
        (release, i) => html`<button type="button" @click=${() => void looking.replay(kept, release)}>
          ${i === 0 ? say('replay') : say('replayWith', { n: release })}
        </button>`,
      )}
    </p>
    ${versions.map((release) => answer(looking.replays.get(replayKey(kept.id, release)), say))}
  `;
}

function answer(replayed: Replayed | undefined, say: Say): TemplateResult | typeof nothing {
  if (replayed === undefined) return nothing;
  if (replayed === 'running') return html`<p role="status">${say('replaying')}</p>`;
  if (replayed instanceof Error)
    return html`<p role="status">${say('notOpened', { why: replayed.message })}</p>`;
  const { same, release, action, propensity, largest, files } = replayed;
  const fill = { n: release, action, p: propensity.toFixed(3), largest: largest.toPrecision(2) };
  return html`
    <div class="replay">
      <p role="status" data-same=${same}>${say(same ? 'same' : 'differs', fill)}</p>
      ${files === 'first' ? html`<p>${say('firstFiles')}</p>` : nothing} ${budget(replayed, say)}
      ${features(replayed, say)}
    </div>
  `;
}

function budget({ budget: { price, taken, best, bestFree } }: Replay, say: Say): TemplateResult {
  if (price === 0) return html`<p>${say('budgetFree')}</p>`;
  const fill = { price: figure(price), best, free: bestFree };
  return html`
    <p>${say(best === bestFree ? 'budgetSame' : 'budgetMoved', fill)}</p>
    <table>
      <caption>${say('taken')}</caption>
      <tbody>
        ${Object.entries(taken).map(([id, value]) => html`<tr><th scope="row">${id}</th><td>−${figure(value)}</td></tr>`)}
      </tbody>
    </table>
  `;
}

const features = ({ features }: Replay, say: Say): TemplateResult => html`
  <details>
    <summary>${say('features', { n: features.length })}</summary>
    <table class="features">
      <thead>
        <tr><th scope="col">${say('feature')}</th><th scope="col">${say('value')}</th><th scope="col">${say('unit')}</th></tr>
      </thead>
      <tbody>
        ${features.map(
          ({ group, name, value, unit }) => html`<tr>
            <th scope="row"><span>${group}</span> ${name}</th>
            <td>${figure(value)}</td>
            <td>${unit}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </details>
`;
