/** The panel on the page: a modal dialog in a shadow root, so neither page's styles nor ours cross over. */

import type { Explanation, PrivacyLedger, PromoEdge } from '../api.ts';
import { element } from './element.ts';
import { type Exported, keptOf } from './kept.ts';
import { STYLE } from './style.ts';
import { whyText } from './why.ts';
import type { Language, Words } from './words.ts';

const SHOWN = 5;

export function openDialog(
  edge: PromoEdge,
  language: Language,
  words: Words,
  titleOf: (promotion: string) => string | undefined = () => undefined,
): () => void {
  const host = element('div', { lang: language });
  const dialog = element('dialog', { 'aria-labelledby': 'title' });
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(dialog);
  document.body.append(host);
  // The browser gives focus back to what opened the dialog.
  dialog.addEventListener('close', () => host.remove());
  const close = (): void => dialog.close();
  // The page may be dark on a light system, or light on a dark one.
  const { colorScheme } = getComputedStyle(document.documentElement);
  if (colorScheme !== 'normal') host.style.colorScheme = colorScheme;
  const draw = async (): Promise<void> => {
    const exported = ((await edge.exportData()) ?? {}) as Exported;
    const shown = (exported.decisions ?? []).slice(-SHOWN).reverse();
    const explained = (await Promise.all(shown.map(({ id }) => edge.explain(id)))).filter(
      (one) => one !== undefined,
    );
    const held = root.activeElement?.getAttribute('name') ?? null;
    dialog.replaceChildren(
      element('div', { class: 'head' }, [
        element('h2', { id: 'title' }, [words.title]),
        button(words.close, close, { autofocus: '' }),
      ]),
      ...reasons(explained, language, words, titleOf),
      ...kept(exported, language, words),
      switches(edge, exported, words, draw),
      ...spent(await edge.privacyLedger(), language, words),
      acts(edge, words, draw),
    );
    // What was switched is a new element, and a keyboard stands on it.
    if (held !== null) dialog.querySelector<HTMLElement>(`[name=${held}]`)?.focus();
  };
  void draw().then(() => dialog.showModal());
  return close;
}

function reasons(
  explained: readonly Explanation[],
  language: Language,
  words: Words,
  titleOf: (promotion: string) => string | undefined,
): HTMLElement[] {
  const rows = explained.map((explanation) => {
    const { action, creative } = explanation;
    const title = titleOf(action) ?? creative?.title ?? action;
    const name = action === 'none' ? words.noOffer : words.offer(title);
    return element('li', {}, [element('b', {}, [name]), ' ', whyText(explanation, language, words)]);
  });
  const list = rows.length > 0 ? element('ul', {}, rows) : element('p', {}, [words.noOffers]);
  return [element('h3', {}, [words.why]), list];
}

function kept(exported: Exported, language: Language, words: Words): HTMLElement[] {
  const { where, looks, searches, purchases, since } = keptOf(exported);
  const offers = (exported.decisions ?? []).length;
  const oldest = since === undefined ? '' : words.since(dateOf(since, language));
  return [
    element('h3', {}, [words.kept]),
    element('p', {}, [words.keptWhere[where]]),
    ...(where === 'nothing'
      ? []
      : [element('p', {}, [words.counts(looks, searches, purchases, offers), ' ', oldest])]),
    ...((exported.dismissed ?? []).length > 0
      ? [element('p', {}, [words.dismissed(exported.dismissed!.length)])]
      : []),
  ];
}

function switches(
  edge: PromoEdge,
  { consent }: Exported,
  words: Words,
  draw: () => Promise<void>,
): HTMLElement {
  const rows = (['personalization', 'measurement', 'reports'] as const).map((purpose) => {
    const box = element('input', { type: 'checkbox', name: purpose });
    box.checked = consent?.[purpose] === 'granted';
    box.addEventListener('change', () => {
      edge.setConsent({ [purpose]: box.checked });
      void draw();
    });
    return element('label', {}, [box, ' ', words[purpose]]);
  });
  return element('div', { class: 'switches' }, rows);
}

/** The privacy ledger, once anything may have been spent of it. */
function spent(ledger: PrivacyLedger | undefined, language: Language, words: Words): HTMLElement[] {
  if (ledger?.since === undefined) return [];
  const { spent: reports, lifetime, next } = ledger;
  const due = next === undefined ? '' : words.nextReport(dateOf(next, language));
  return [element('p', { class: 'ledger' }, [words.ledger(reports.length, lifetime), ' ', due])];
}

function acts(edge: PromoEdge, words: Words, draw: () => Promise<void>): HTMLElement {
  const said = element('p', { role: 'status' });
  const copy = async (): Promise<void> => {
    const blob = new Blob([JSON.stringify(await edge.exportData(), null, 2)], { type: 'application/json' });
    const link = element('a', { href: URL.createObjectURL(blob), download: 'promo-edge-my-data.json' });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  let asked = false;
  const forget = button(words.forget, () => {
    if (!asked) {
      asked = true;
      forget.textContent = words.forgetSure;
      return;
    }
    void edge.forget().then(draw);
    said.textContent = words.forgotten;
  });
  return element('div', { class: 'acts' }, [button(words.copy, () => void copy()), forget, said]);
}

function button(text: string, act: () => void, attributes: Record<string, string> = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, [text]);
  made.addEventListener('click', act);
  return made;
}

const dateOf = (ms: number, language: Language): string =>
  new Date(ms).toLocaleDateString(language, { dateStyle: 'medium' });
