/** What each release shows: to the shoppers that came, and in the same few moments on this device. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Watched } from './page.ts';
import type { PersonaAnswer } from './persona-moments.ts';
import { likeliest, MOMENTS, type Moment, type Probed } from './probe.ts';
import { type Shares, sharesByRelease } from './tally.ts';
import type { Say } from './view.ts';
import type { QaWord } from './words.ts';

export function decisionTables({ app, visits, probes, answers }: Watched, say: Say): TemplateResult {
  const shares = sharesByRelease(visits);
  const title = (id: string): string =>
    app.catalogue.promotion(id)?.creative[app.language].title ?? (id === 'none' ? say('noOffer') : id);
  const product = (sku: string): string => {
    const known = app.catalogue.product(sku);
    return known === undefined ? sku : app.title(known);
  };
  return html`
    <section class="qa-decisions">
      <h2>${say('different')}</h2>
      ${probes.length === 0 ? html`<p class="hint">${say('undecided')}</p>` : moments(probes, { title, product }, say)}
      ${answers.length === 0 ? nothing : personas(answers, title, say)}
      ${shares.length === 0 ? nothing : shown(shares, title, say)}
    </section>
  `;
}

interface Names {
  title(promotion: string): string;
  product(sku: string): string;
}

function moments(probes: readonly Probed[], { title, product }: Names, say: Say): TemplateResult {
  return html`
    <div class="qa-scroll" tabindex="0" role="group" aria-label=${say('momentText')}>
      <table>
        <caption>${say('momentText')}</caption>
        <thead><tr><td></td>${probes.map(({ release }) => html`<th scope="col">${say('release')} ${release}</th>`)}</tr></thead>
        <tbody>
          ${MOMENTS.map(
            (moment, i) => html`<tr>
              <th scope="row">${momentName(moment, product, say)}</th>
              ${probes.map(({ answers }) => {
                const [action, probability] = likeliest(answers[i]!);
                return html`<td>${title(action)} <span class="small">${percent(probability)}</span></td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function personas(
  answers: readonly PersonaAnswer[],
  title: (id: string) => string,
  say: Say,
): TemplateResult {
  const releases = [...new Set(answers.map(({ release }) => release))].sort((a, b) => a - b);
  const names = [...new Set(answers.map(({ persona }) => persona))];
  const cell = (persona: string, i: number): TemplateResult | typeof nothing => {
    const of = (at: number) => answers.find((one) => one.persona === persona && one.release === releases[at]);
    const [here, before] = [of(i), of(i - 1)];
    if (here === undefined) return nothing;
    const changed = before !== undefined && before.best !== here.best;
    return html`
      ${title(here.best)}
      ${here.best === 'none' ? nothing : html`<span class="small">${whyBest(here, say)}</span>`}
      ${changed ? html`<span class="badge">${say('changed')}</span>` : nothing}
    `;
  };
  return html`
    <div class="qa-scroll qa-personas" tabindex="0" role="group" aria-label=${say('personaText')}>
      <table>
        <caption>${say('personaText')}</caption>
        <thead><tr><td></td>${releases.map((release) => html`<th scope="col">${say('release')} ${release}</th>`)}</tr></thead>
        <tbody>
          ${names.map(
            (persona) => html`<tr>
              <th scope="row">${say(persona as QaWord)}</th>
              ${releases.map((_, i) => html`<td>${cell(persona, i)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

const whyBest = ({ lead }: PersonaAnswer, say: Say): string =>
  lead === undefined ? say('ownOrder') : say('lead', { lead: lead.toFixed(2) });

const momentName = ({ slot, cart }: Moment, product: Names['product'], say: Say): string =>
  say('moment', {
    slot: say(`slot-${slot}`),
    cart: cart.map(({ sku }) => product(sku)).join(', ') || say('emptyCart'),
  });

function shown(shares: readonly Shares[], title: (id: string) => string, say: Say): TemplateResult {
  const actions = [...new Set(shares.flatMap(({ share }) => Object.keys(share)))].sort();
  return html`
    <div class="qa-scroll" tabindex="0" role="group" aria-label=${say('differentText')}>
      <table>
        <caption>${say('differentText')}</caption>
        <thead>
          <tr>
            <th scope="col">${say('action')}</th>
            ${shares.map(({ release, decisions }) => html`<th scope="col">${say('release')} ${release}<br /><span class="small">${say('count', { n: decisions })}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${actions.map(
            (action) => html`<tr>
              <th scope="row">${title(action)}</th>
              ${shares.map(({ share }) => html`<td>${percent(share[action] ?? 0)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}\u00a0%`;
