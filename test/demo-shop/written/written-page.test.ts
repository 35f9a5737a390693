import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { catalogueFile } from '../../../demo-shop/build/files.ts';
import { readCatalogue } from '../../../demo-shop/shop/catalogue.ts';
import { EARLY_SOURCE } from '../../../demo-shop/written/early.ts';
import { writtenPage } from '../../../demo-shop/written/written-page.ts';

const FRAME =
  '<html lang="en"><head><title>Lantern Lane</title><!-- early --></head><body><div id="shop"></div></body></html>';
const NOW = Date.UTC(2026, 10, 22);
const CATALOGUE = readCatalogue(JSON.stringify(catalogueFile(NOW)));
const written = (address: string, acceptLanguage = 'en-GB,en;q=0.9') => {
  const { pathname, search } = new URL(address, 'http://shop.example');
  return writtenPage(FRAME, CATALOGUE, { pathname, search, acceptLanguage }, () => NOW);
};

describe('a page as the server writes it', () => {
  it('shows what the address is about, in the language that the browser asks for', () => {
    const { text, status } = written('/p/TGR-01');
    expect(status).toBe(200);
    expect(text).toContain('<title>Longjing green tea, 80\u00a0g tin · Lantern Lane</title>');
    expect(text).toMatch(/<h1>Longjing green tea/);
    expect(text).toContain('€16.00');
    const chinese = written('/p/TGR-01', 'zh-CN,zh;q=0.9').text;
    expect(chinese).toContain('<html lang="zh-CN">');
    expect(chinese).toMatch(/<h1>龙井绿茶/);
    expect(written('/search?q=blue+mug').text).toMatch(/mug in .*blue/);
    expect(written('/').text.match(/class="card"/g)!.length).toBeGreaterThanOrEqual(8);
  });

  it('says 404 of what is not there, and writes no mark-up that an address carries', () => {
    expect(written('/p/NO-SUCH').status).toBe(404);
    expect(written('/nowhere').status).toBe(404);
    const { text, status } = written(`/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(status).toBe(200);
    expect(text).not.toContain('<script>alert');
  });

  it('asks for no decision, and knows nothing of a basket: its slots keep their room, its own pages are empty', () => {
    expect(written('/').text).not.toContain('<promo-slot');
    expect(written('/').text).toMatch(/<div class="slot slot-home"><p class="slot-fallback">/);
    for (const path of ['/cart', '/checkout', '/orders', '/wishes', '/privacy', '/qa', '/order/LL-1']) {
      const { text, status } = written(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).toMatch(/<main id="main" tabindex="-1"><\/main>/);
    }
  });

  it('has one script in it, the very one that the policy names', () => {
    const [, script] = /<script>(.*?)<\/script>/.exec(written('/').text)!;
    expect(EARLY_SOURCE).toBe(`'sha256-${createHash('sha256').update(script!).digest('base64')}'`);
  });
});
