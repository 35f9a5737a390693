/**
 * The inspector: what Promo Edge knows and why it decided, on top of the page. Its file is fetched when it is first
 * opened; closed, it listens to nothing.
 */

import './inspector.css';
import { html, render } from 'lit-html';
import type { PromoEdge } from '../../sdk/index.ts';
import { readDevice } from './device.ts';
import { Looking } from './looking.ts';
import { inspectorView } from './view.ts';
import { type Language, sayIn } from './words.ts';

export interface Inspectable {
  slots: readonly string[];
  promotions: readonly string[];
  /** Of the page, asked at each drawing. */
  language(): Language;
  /** Has the slots of the page decided anew. */
  redecide(): void;
}

/** How long several events are waited for before the panel is drawn again. */
const SETTLING_MS = 150;

let close: (() => void) | undefined;
/** What the merchant set stays as they set it while the panel is closed. */
let looking: Looking | undefined;
/** Of the release that is looked at beside the running one. */
let version: number | undefined;

/** Opens the inspector, or closes it. Without an SDK on the page it says so. */
export function toggleInspector(edge: PromoEdge | undefined, shop: Inspectable): void {
  if (close === undefined) close = open(edge, shop);
  else {
    close();
    close = undefined;
  }
}

function open(edge: PromoEdge | undefined, shop: Inspectable): () => void {
  const { slots, promotions } = shop;
  const host = document.createElement('div');
  document.body.append(host);
  if (edge === undefined) {
    const say = sayIn(shop.language());
    render(
      html`<section class="inspector" aria-label=${say('label')}><p>${say('absent')}</p></section>`,
      host,
    );
    return () => host.remove();
  }
  const dismiss = (): void => toggleInspector(edge, shop);
  looking ??= new Looking(edge);
  const asked = looking;
  const draw = async (): Promise<void> => {
    const device = await readDevice(edge);
    const language = shop.language();
    version ??= Math.max(1, (device.ready.release ?? 1) - 1);
    render(
      inspectorView({
        ...{ edge, device, looking: asked, version },
        ...{ say: sayIn(language), language, slots, promotions },
        close: dismiss,
        refresh: () => void draw(),
        look: (wanted) => {
          version = wanted;
          void draw();
        },
        redecide: () => {
          shop.redecide();
          changed();
        },
      }),
      host,
    );
  };
  let settling: ReturnType<typeof setTimeout> | undefined;
  const changed = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => void draw(), SETTLING_MS);
  };
  const stops = (['decision', 'exposure', 'outcome', 'consent', 'release'] as const).map((event) =>
    edge.on(event, changed),
  );
  // Behaviour has no event of its own: the panel looks again after each act on the page.
  document.addEventListener('click', changed);
  asked.changed = () => void draw();
  // By keyboard alone: in when it opens, out by Escape, back to where the shopper was.
  const before = document.activeElement;
  host.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') dismiss();
  });
  void draw().then(() => host.querySelector('button')?.focus());
  return () => {
    for (const stop of stops) stop();
    asked.changed = () => undefined;
    document.removeEventListener('click', changed);
    clearTimeout(settling);
    host.remove();
    if (before instanceof HTMLElement) before.focus();
  };
}
