import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { slugOf } from '../catalogue.ts';
import type { Place } from '../router.ts';
import { ICONS } from './icons.ts';

export function header(app: App, place: Place): TemplateResult {
  const count = app.cartLines().reduce((total, line) => total + line.quantity, 0);
  return html`
    <a class="skip" href="#main" @click=${toMain}>${app.word('skip')}</a>
    <aside class="strip" aria-label=${app.word('settings')}><p>${app.word('delivery')}<span class="strip-more"> · ${app.word('returns')}</span></p>${switches(app)}</aside>
    <header class="top">
      <a class="logo" href="/" aria-label=${app.language === 'zh' ? '灯巷 Lantern Lane' : 'Lantern Lane'}>
        <img src="/pictures/logo.svg" alt="" width="34" height="34" />
        <span>${app.language === 'zh' ? '灯巷' : 'Lantern Lane'}</span>
      </a>
      ${searchBox(app, place)}
      <nav class="tools" aria-label=${app.word('yours')}>
        <a href="/orders" aria-label=${app.word('orders')}>${ICONS.box}</a>
        <a href="/wishes" aria-label="${app.word('wishes')} (${app.state.wishes.length})">${ICONS.heart}</a>
        <a class="to-cart" href="/cart">
          <span class="quiet-label">${app.word('cart')}</span>
          ${ICONS.basket}<span class="count" ?hidden=${count === 0}>${count}</span>
        </a>
      </nav>
    </header>
    ${departments(app, place)}
  `;
}

function toMain(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('main')?.focus();
}

const THEMES = ['auto', 'light', 'dark'] as const;

function switches(app: App): TemplateResult {
  const { language, theme } = app.state;
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  return html`
    <div class="switches">
      <button type="button"
        class="language"
        lang=${language === 'zh' ? 'en' : 'zh'}
        @click=${() => app.store.update({ language: language === 'zh' ? 'en' : 'zh' })}
      >
        ${app.word('language')}
      </button>
      <button type="button" class="theme" aria-label="${app.word('theme')}: ${theme}" @click=${() => app.store.update({ theme: next })}>
        ${ICONS.moon}
      </button>
    </div>
  `;
}

function searchBox(app: App, place: Place): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const query = String(new FormData(event.target as HTMLFormElement).get('q') ?? '').trim();
    if (query !== '') app.go(`/search?q=${encodeURIComponent(query)}`);
  };
  return html`
    <form class="search" role="search" action="/search" @submit=${submit}>
      <label class="quiet-label" for="q">${app.word('search')}</label>
      <input id="q" name="q" type="search" autocomplete="off" placeholder=${app.word('searchFor')}
        .value=${place.path[0] === 'search' ? (place.query.get('q') ?? '') : ''} />
      <button aria-label=${app.word('search')}>${ICONS.search}</button>
    </form>
  `;
}

function departments(app: App, place: Place): TemplateResult {
  return html`
    <nav class="departments" aria-label=${app.word('menu')}>
      <ul @focusin=${showWhole}>
        ${app.catalogue.departments.map((name) => {
          const here = place.path[0] === 'c' && place.path[1] === slugOf(name);
          return html`<li>
            <a href="/c/${slugOf(name)}" aria-current=${here ? 'page' : 'false'}>
              ${app.catalogue.categoryName(name, app.language)}
            </a>
          </li>`;
        })}
      </ul>
    </nav>
  `;
}

/** Chromium scrolls what is reached by keyboard into view only where no part of it was in view. */
function showWhole({ target }: FocusEvent): void {
  const link = target as Element;
  // A press of the mouse must not move what it is on.
  if (link.matches(':focus-visible')) link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
