import { shopPage } from './open-page.ts';
import type { sdkStage } from './sdk-stage.ts';

/** A page with the SDK under the strictest policy that it promises to live under. */
export function layStrictPage(
  stage: Pick<ReturnType<typeof sdkStage>, 'servers' | 'fixture'>,
  path: string,
  attributes: string,
  body = '',
): void {
  const tag = stage.servers.tag(stage.fixture.key.publicKey, `data-timeout="10000" ${attributes}`);
  stage.servers.pages.set(path, {
    html: shopPage(`<style>promo-slot{display:block;min-height:64px}</style>${tag}`, body),
    headers: {
      'content-security-policy': `default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; script-src ${stage.servers.endpoint} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; connect-src ${stage.servers.endpoint}; require-trusted-types-for 'script'; trusted-types promo-edge`,
    },
  });
}
