/**
 * One of the attacking processes: reads its BotOrders as a line on standard input, plays every kind of cheat in turn and
 * prints a BotReport. The shop's own server is honest: it sends the account that is logged in and the cart's true
 * prices; everything before it is the bot's.
 */

import { createInterface } from 'node:readline';
import { ABUSE, type BotOrders, type BotReport } from './abuse-plan.ts';

const { site, identities, goods, shipping, currency } = ABUSE;
const CART = { lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: goods }], shipping, currency };
const REPLAYS = 5;

// biome-ignore lint/suspicious/noExplicitAny: answers of the server, refusals among them
type Body = any;

class Bot {
  readonly report: BotReport = { acknowledged: [], wrongTotals: 0, failures: 0, requests: 0 };
  #turn = 0;
  #orders = 0;
  constructor(readonly asked: BotOrders) {}

  async run(): Promise<BotReport> {
    await this.#race();
    const cheats = [this.#bestResponse, this.#replay, this.#forge, this.#drain, this.#cancel];
    for (let i = 0; i < this.asked.attacks; i++) await cheats[i % cheats.length]!.call(this);
    return this.report;
  }

  /** Wipes its storage, is somebody new, takes the best there is. */
  async #bestResponse(): Promise<void> {
    const claim = await this.#claim(await this.#grant(), 'public');
    if (claim !== undefined) await this.#redeem(claim);
  }

  /** One code for several orders and accounts, and each request again under its key and under others. */
  async #replay(): Promise<void> {
    const code = await this.#claim(await this.#grant(), 'public');
    if (code === undefined) return;
    await Promise.all(Array.from({ length: REPLAYS }, () => this.#redeem(code)));
    const order = this.#order();
    for (let i = 0; i < REPLAYS; i++) await this.#redeem(code, order);
  }

  /** A menu of its own making, a signature of another grant, a visit that never was, codes out of thin air. */
  async #forge(): Promise<void> {
    const [body = '', mac = ''] = (await this.#grant()).split('.');
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString());
    const rich = Buffer.from(JSON.stringify({ ...payload, menu: ['vip'], expires: 9e15 })).toString(
      'base64url',
    );
    const visits = [`${rich}.${mac}`, `${this.asked.name}-${this.#turn++}.`, `${body}.${mac}x`];
    for (const grant of visits) {
      const code = await this.#claim(grant, 'vip');
      if (code !== undefined) await this.#redeem(code);
    }
    await this.#redeem('22222-22222-22222-22222-22222-22');
  }

  /** Claims and buys nothing, so that nothing is left for others. */
  async #drain(): Promise<void> {
    for (let i = 0; i < REPLAYS; i++) await this.#claim(await this.#grant(), 'public');
  }

  /** Orders, cancels and orders again with the same code, under another account. */
  async #cancel(): Promise<void> {
    const code = await this.#claim(await this.#grant(), 'public');
    if (code === undefined) return;
    const id = await this.#redeem(code);
    if (id === undefined) return;
    // The shop's server gives the whole order back, twice for good measure.
    for (const key of [id, `${id}-again`])
      await this.#post(`redemptions/${id}/reversals`, {}, this.#asShop(`cancel-${key}`));
    await Promise.all([this.#redeem(code), this.#redeem(code)]);
  }

  /** With every other process, at the same codes and the same order. */
  async #race(): Promise<void> {
    for (const [i, grant] of this.asked.contested.entries()) {
      const code = await this.#claim(grant, 'public');
      if (code !== undefined) await Promise.all([this.#redeem(code), this.#redeem(code, `contested-${i}`)]);
    }
  }

  async #grant(): Promise<string> {
    return (await this.#post('grants', {}, {})).body.grant ?? '';
  }

  async #claim(grant: string, promotion: string): Promise<string | undefined> {
    return (await this.#post('claims', { grant, promotion }, {})).body.code;
  }

  #asShop(key: string): Record<string, string> {
    return { Authorization: `Bearer ${this.asked.shopToken}`, 'Idempotency-Key': key };
  }

  /** @returns the redemption's id, where there is one */
  async #redeem(code: string, order = this.#order()): Promise<string | undefined> {
    const customer = `account-${this.#turn++ % identities}`;
    const asked = { order, codes: [code], cart: CART, customer };
    const answer = await this.#post('redemptions', asked, this.#asShop(`${order}-${code}`));
    if (answer.status !== 201) return undefined;
    const [redemption] = answer.body.redemptions;
    this.report.acknowledged.push(redemption);
    // By hand: goods and delivery, less what the code takes off.
    if (answer.body.priced.total !== goods + shipping - redemption.amount) this.report.wrongTotals++;
    return redemption.id;
  }

  #order(): string {
    return `${this.asked.name}-${this.#orders++}`;
  }

  async #post(
    path: string,
    body: object,
    headers: Record<string, string>,
  ): Promise<{ status: number; body: Body }> {
    this.report.requests++;
    const address = `${this.asked.url}/s/${site}/${path}`;
    const response = await fetch(address, { method: 'POST', body: JSON.stringify(body), headers });
    if (response.status >= 500) this.report.failures++;
    return { status: response.status, body: await response.json() };
  }
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const report = await new Bot(JSON.parse(line) as BotOrders).run();
  process.stdout.write(`${JSON.stringify(report)}\n`);
  break;
}
process.exit(0);
