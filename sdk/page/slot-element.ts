/** `<promo-slot name="cart" min-height="64">fallback</promo-slot>`. */

import type { PromoEdge, SlotDecision, SlotName } from '../api.ts';
import type { Settings } from '../options.ts';
import { show } from './show.ts';

/** Slots that came in one go, as most pages bring them: they are decided together. */
let waiting: HTMLElement[] = [];

/** The slots of a page belong to the SDK that runs now: an element's class cannot be defined twice. */
let current: { edge: PromoEdge; settings: Settings } | undefined;

export function defineSlot(edge: PromoEdge, settings: Settings): void {
  current = { edge, settings };
  if (customElements.get('promo-slot')) return;
  customElements.define(
    'promo-slot',
    class extends HTMLElement {
      connectedCallback(): void {
        // Once an element: frameworks move nodes about, and a moved slot is not a new decision.
        if (this.dataset.decided !== undefined || !current) return;
        prepare(this, current.settings);
        if (waiting.push(this) === 1) queueMicrotask(fillAll);
      }
    },
  );
}

function prepare(slot: HTMLElement, settings: Settings): void {
  const { style } = slot;
  const least = slot.getAttribute('min-height');
  slot.dataset.decided = '';
  if (!style.display) style.display = 'block';
  if (least) style.minHeight = `${Number.parseFloat(least)}px`;
  if (settings.antiFlicker === 'slots') style.visibility = 'hidden';
}

async function fillAll(): Promise<void> {
  const slots = waiting;
  waiting = [];
  const { edge, settings } = current!;
  const names = slots.map((slot) => (slot.getAttribute('name') ?? '') as SlotName);
  const others = [...document.querySelectorAll<HTMLElement>('promo-slot')];
  const shown = others.flatMap(({ dataset }) => dataset.decided || []);
  const decisions = await edge.decideAll(names, { shown: shown.filter((action) => action !== 'none') });
  decisions.forEach((decision, i) => {
    fill(slots[i]!, decision, edge, settings);
  });
}

function fill(slot: HTMLElement, decision: SlotDecision, edge: PromoEdge, settings: Settings): void {
  slot.style.visibility = '';
  slot.dataset.decided = decision.action;
  const shown = new CustomEvent('promo-edge:decision', { detail: decision, bubbles: true, cancelable: true });
  // A shop that renders for itself cancels the event.
  if (slot.dispatchEvent(shown) && decision.creative) show(slot, decision.creative, settings.linkOrigins);
  slot.addEventListener('click', () => {
    if (decision.action !== 'none' && decision.source !== 'override')
      edge.track('select_promotion', { promotion: decision.action });
  });
  whenSeen(slot, () => edge.exposed(decision.id));
}

/** Half of it on the screen, as the IAB counts a viewable impression. */
function whenSeen(element: HTMLElement, seen: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      seen();
    },
    { threshold: 0.5 },
  );
  observer.observe(element);
}
