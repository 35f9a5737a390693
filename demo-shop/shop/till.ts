/** The shop's till, as its pages ask it. */

export interface Asked {
  order: string;
  lines: { sku: string; quantity: number }[];
  codes: string[];
  offers: string[];
  /** Of the visit, as its grant names it: what experiments with menus are judged by. */
  sid?: string;
}

/** `no-till`: these pages are served without one, so the order stays on this device. */
export type Answer = { total: number } | { refused: string };

/** @returns minor units, or the till's word for why not: `no-till`, `unavailable`, or a code's own */
export async function placeOrder(asked: Asked): Promise<Answer> {
  const { status, body } = await post('/api/orders', asked);
  if (status === 201) return { total: body.total as number };
  return { refused: status === 404 ? 'no-till' : codeOf(body) };
}

/** Whether the shop took it back; true as well where there is no till to ask. */
export async function returnOrder(order: string): Promise<boolean> {
  const { status, body } = await post('/api/returns', { order });
  return status === 201 || (status === 404 && codeOf(body) !== 'unknown-order');
}

const codeOf = (body: Record<string, unknown>): string =>
  (body.error as { code?: string } | undefined)?.code ?? 'unavailable';

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json().catch(() => ({})) };
  } catch {
    return { status: 503, body: {} };
  }
}
