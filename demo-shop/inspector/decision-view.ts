/** One decision: why, with which values, from which facts and events. */

import { html, nothing, type TemplateResult } from 'lit-html';
import { attentionBars, type Bar, barsOf, contributionBars, type Inspected } from './device.ts';
import { figure, stretch, stretchRow } from './figures.ts';
import { reasonText } from './reasons.ts';
import { replayView } from './replay-view.ts';
import type { View } from './view.ts';
import type { InspectorWord, Say } from './words.ts';

export function decisionView(decision: Inspected, view: View): TemplateResult {
  const { say, language } = view;
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
    ${decision.why === undefined ? nothing : contributions(decision.why, say)} ${attention(decision, say)}
    ${replayView(decision.kept, view)}
  `;
}

const row = (bar: Bar, say: Say): TemplateResult => html`
  <tr class=${bar.chosen ? 'chosen' : ''}>
    <th scope="row">${bar.label}</th>
    <td>${figure(bar.value)}</td>
    <td>${stretch(bar)}</td>
    <td>${bar.probability === undefined ? say('masked') : bar.probability.toFixed(3)}</td>
  </tr>
`;

const contributions = (why: NonNullable<Inspected['why']>, say: Say): TemplateResult => html`
  <table>
    <caption>
      ${say('lead', {
        ...{ promotion: why.promotion, against: why.against },
        ...{ lead: figure(why.lead), unknown: figure(why.leadUnknown) },
      })}
    </caption>
    <tbody>${contributionBars(why).map((bar) => stretchRow(say(bar.label as InspectorWord), bar))}</tbody>
  </table>
`;

function attention(decision: Inspected, say: Say): TemplateResult | typeof nothing {
  const bars = attentionBars(decision);
  if (bars.length === 0) return nothing;
  return html`
    <table>
      <caption>${say('attention')}</caption>
      <tbody>${bars.map((bar) => stretchRow(bar.label, bar, `${(100 * bar.value).toFixed(0)} %`))}</tbody>
    </table>
  `;
}
