import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { errorHandler } from '../../../trainer-server/routes/api-error.ts';

describe('a failure that no caller caused', () => {
  it('is logged by route, kind and place, without a word of what was sent', async () => {
    const log: string[] = [];
    const app = new Hono()
      .get('/s/:site/x/:id', (c) => {
        throw new TypeError(`cannot read ${c.req.param('id')} of ${c.req.query('mail')}`);
      })
      .onError(errorHandler((text) => log.push(text)));
    const response = await app.request('/s/demo/x/visitor-4711?mail=ann@shop.example', {
      headers: { 'X-Forwarded-For': '203.0.113.7', 'User-Agent': 'Secret/1' },
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: { code: 'internal', message: 'the server failed; its log says why' },
    });
    expect(log.length).toBe(1);
    expect(log[0]).toMatch(/^GET \/s\/:site\/x\/:id: TypeError\n\s+at .*api-error\.test\.ts/);
    expect(log[0]).not.toMatch(/4711|ann@|203\.0|Secret/);
  });
});
