/** Opens the shop: the catalogue is fetched, then every change of place or state draws the page again. */

import { html, render } from 'lit-html';
import { partOf, teller } from '../qa/seat.ts';
import { App } from './app.ts';
import { Catalogue, fetchCatalogue, type Language } from './catalogue.ts';
import { pageAt } from './pages/index.ts';
import type { PageView } from './pages/page.ts';
import { applyConsent, consentNote } from './parts/consent.ts';
import { ExitOffer } from './parts/exit-offer.ts';
import { footer } from './parts/footer.ts';
import { header } from './parts/header.ts';
import { loadedEdge } from './promo-edge.ts';
import { type Place, placeOf, Router } from './router.ts';
import { SLOTS, Slots } from './slot.ts';
import { browserStorage, Store } from './state.ts';
import { word } from './words.ts';

const root = document.getElementById('shop')!;
const store = new Store(browserStorage(), navigator.languages);

async function open(): Promise<void> {
  const catalogue = await fetchCatalogue().catch((error: Error) => error);
  if (catalogue instanceof Catalogue) start(catalogue);
  else closed(catalogue);
}

/** Nothing to show, and why: no network, or a catalogue that cannot be read. */
function closed(error: Error): void {
  const { language } = store.state;
  const unreachable = error instanceof TypeError;
  if (!unreachable) console.error(error);
  takeOver(root);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  render(
    html`<main class="empty">
      <p class="bottom-name">${language === 'zh' ? '灯巷' : 'Lantern Lane'}</p>
      <h1>${word(unreachable ? 'offline' : 'unreadable', language)}</h1>
      <p>${word(unreachable ? 'offlineText' : 'unreadableText', language)}</p>
      <button type="button" class="button" @click=${() => void open()}>${word('retry', language)}</button>
    </main>`,
    root,
  );
}

function start(catalogue: Catalogue): void {
  let place: Place = placeOf(location);
  let page: PageView | undefined;
  const router = new Router((next, moved) => {
    page?.left?.();
    place = next;
    arrive();
    if (moved) scrollTo(0, 0);
    root.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  });
  const app = new App(catalogue, store, (path) => router.go(path), Date.now);
  const slots = new Slots(app);
  const exit = new ExitOffer(app, slots);

  const draw = (): void => {
    const { language, theme } = app.state;
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = theme;
    document.title = `${page!.title} · ${language === 'zh' ? '灯巷' : 'Lantern Lane'}`;
    render(
      html`
        ${header(app, place)}
        <main id="main" tabindex="-1">${page!.render()}</main>
        ${footer(app)} ${exit.render()} ${consentNote(app, place)}
        <p class=${app.saying ? 'said' : 'quiet-label'} role="status">${app.announcement}</p>
      `,
      root,
    );
  };
  const arrive = (): void => {
    slots.turnPage();
    page = pageAt(app, place, slots);
    app.hush(page!.title);
    draw();
    page!.arrived?.();
  };

  const typed = takeOver(root);
  arrive();
  if (typed !== undefined) continueTyping(typed);
  // The page's own words may depend on the language: it is made again, but it is no new visit.
  let language = app.language;
  store.subscribe(() => {
    if (language !== app.language) {
      language = app.language;
      page = pageAt(app, place, slots);
    }
    draw();
  });
  applyConsent(app);
  const part = partOf(location);
  if (part !== undefined && parent !== window)
    void import('../shoppers/perform.ts').then(({ perform }) => perform(app, part, teller(location)));
  // Errors of pictures do not bubble.
  addEventListener(
    'error',
    ({ target }) => target instanceof HTMLImageElement && target.classList.add('broken'),
    true,
  );
  addEventListener('storage', () => store.refresh());
  addEventListener('offline', () => app.say(app.word('offlineNow')));
  addEventListener('pagehide', () => page?.left?.());
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || !event.shiftKey || event.code !== 'KeyP') return;
    void openInspector(catalogue, () => {
      slots.turnPage();
      draw();
    });
  });
}

/** The server's page goes; what was being typed into it stays. @returns undefined where nothing was */
function takeOver(root: HTMLElement): string | undefined {
  if (root.dataset.written === undefined) return undefined;
  const search = document.activeElement instanceof HTMLInputElement ? document.activeElement : undefined;
  delete root.dataset.written;
  delete document.documentElement.dataset.other;
  root.replaceChildren();
  return search?.value;
}

function continueTyping(text: string): void {
  const search = document.querySelector<HTMLInputElement>('#q')!;
  search.value = text;
  search.focus();
}

/** The inspector is a file of its own, fetched when it is first asked for. */
async function openInspector(catalogue: Catalogue, redecide: () => void): Promise<void> {
  const { toggleInspector } = await import('../inspector/main.ts');
  const promotions = catalogue.promotions.map((promotion) => promotion.id);
  const language = (): Language => store.state.language;
  toggleInspector(loadedEdge(), { slots: SLOTS, promotions, language, redecide });
}

void open();
