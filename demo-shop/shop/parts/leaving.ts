import { html, type TemplateResult } from 'lit-html';
import type { SentRequest } from '../../../sdk/index.ts';
import type { App } from '../app.ts';
import { asked } from '../promo-edge.ts';
import type { Word } from '../words.ts';

/** How often the list looks whether there is more. */
const LOOK_MS = 1000;

/** What the requests of Promo Edge are for, by their address. */
const PURPOSES: readonly [RegExp, Word][] = [
  [/\/trajectories$/, 'leftShared'],
  [/\/reports$/, 'leftBit'],
  [/\/claims$/, 'leftClaim'],
  [/\/grants$/, 'leftGrant'],
  [/\/manifest\.json$/, 'leftManifest'],
  [/\/(sdk|b)\/|\/root\//, 'leftProgram'],
];

/** What left this browser: a list that grows as it happens, of the page's requests and of the SDK's workers. */
export class Leaving {
  #requests: SentRequest[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly app: App) {}

  watch(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const found = await asked((edge) => edge.requests(), [], LOOK_MS);
    if (found.length === this.#requests.length) return;
    this.#requests = found;
    this.app.store.update({});
  }

  render(): TemplateResult {
    const { app } = this;
    const told = this.#requests.filter(({ url }) => /\/(trajectories|reports|claims)$/.test(url)).length;
    return html`
      <h2>${app.word('leftTitle')}</h2>
      <p>${app.word('leftCount', { n: this.#requests.length, told })}</p>
      ${this.#table()}
      <p class="small">${app.word('leftNote')}</p>
    `;
  }

  #table(): TemplateResult {
    const { app } = this;
    const time = (at: number): string => new Date(at).toLocaleTimeString('en-GB', { hour12: false });
    return html`
      <div class="requests" tabindex="0" role="group" aria-label=${app.word('leftTitle')}>
        <table>
          <thead>
            <tr><th scope="col">${app.word('leftAt')}</th><th scope="col">${app.word('leftWhat')}</th></tr>
          </thead>
          <tbody>
            ${[...this.#requests].reverse().map(
              ({ at, url }) => html`<tr>
                <td>${time(at)}</td>
                <td>${app.word(purposeOf(url))} <code title=${url}>${url}</code></td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

const purposeOf = (url: string): Word => PURPOSES.find(([address]) => address.test(url))?.[1] ?? 'leftOther';
