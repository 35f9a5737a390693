import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, embedFrom, scriptTag, withEmbed } from '../../demo-shop/embed.ts';

const PAGE = '<head><!-- promo-edge --></head>';

describe('the script tag in the shop’s pages', () => {
  it('names endpoint, shop and key, listens to the dataLayer and asks for grants', () => {
    const embed = embedFrom({ PROMO_EDGE_KEY: 'ab12', PROMO_EDGE_ENDPOINT: 'https://trainer.example/' });
    expect(withEmbed(PAGE, embed)).toBe(
      '<head><script async crossorigin src="https://trainer.example/sdk/promo-edge.js" data-site-key="demo" data-endpoint="https://trainer.example" data-key="ab12" data-sources="dataLayer" data-grants=""></script></head>',
    );
  });

  it('waits as long as the shop says', () => {
    const embed = { endpoint: 'https://x.example', siteKey: 'demo', keys: 'a', timeout: 500 };
    expect(scriptTag(embed)).toContain('data-timeout="500"');
  });

  it('is left out where no key is known: the shop stands by itself', () => {
    expect(withEmbed(PAGE, embedFrom({}))).toBe('<head></head>');
    expect(contentSecurityPolicy(undefined)).toContain("connect-src 'self';");
  });

  it('leaves room in the policy for one script and one style of the page’s own, by their hashes', () => {
    const policy = contentSecurityPolicy(undefined, {}, { script: "'sha256-x'", style: "'sha256-y'" });
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval' 'sha256-x';");
    expect(policy).toContain("style-src 'self' 'sha256-y';");
    expect(contentSecurityPolicy(undefined)).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(contentSecurityPolicy(undefined)).toContain("style-src 'self';");
  });

  it('cannot be broken out of by a value', () => {
    const tag = scriptTag({
      endpoint: 'https://x.example',
      siteKey: '"><script>alert(1)</script>',
      keys: 'a',
    });
    expect(tag).not.toContain('<script>alert');
    expect(tag.match(/"/g)).toHaveLength(12);
  });
});
