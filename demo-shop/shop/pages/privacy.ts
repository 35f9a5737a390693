import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { applyConsent } from '../parts/consent.ts';
import { Leaving } from '../parts/leaving.ts';
import { asked, promoEdge } from '../promo-edge.ts';
import type { Page } from './page.ts';

/** What the shop keeps, what leaves the browser, and the switches for both. */
export const privacy: Page = (app) => {
  const leaving = new Leaving(app);
  return {
    title: app.word('privacy'),
    arrived: () => leaving.watch(),
    left: () => leaving.stop(),
    render: () => html`
      <div class="prose">
        <h1>${app.language === 'zh' ? '你的隐私' : 'Your privacy here'}</h1>
        <p>
          ${
            app.language === 'zh'
              ? '这家商店的优惠由你的浏览器挑选：它记下你在这里看过什么，并在本机计算。默认情况下，这些记录不会离开这台设备。'
              : 'The offers in this shop are chosen by your own browser: it notes what you look at here, and works out the rest on this device. By default, none of it leaves.'
          }
        </p>
        ${toggles(app)} ${leaving.render()} ${rights(app)}
      </div>
    `,
  };
};

function toggles(app: App): TemplateResult {
  const zh = app.language === 'zh';
  const change = (name: 'personalization' | 'measurement' | 'reports') => (event: Event) => {
    app.store.update({ [name]: (event.target as HTMLInputElement).checked, consented: true });
    applyConsent(app);
  };
  return html`
    <fieldset class="toggles">
      <legend>${zh ? '由你决定' : 'You decide'}</legend>
      <label>
        <input type="checkbox" .checked=${app.state.personalization} @change=${change('personalization')} />
        ${zh ? '根据我在这里看过的内容，在本机挑选优惠' : 'Choose offers on this device from what I look at here'}
      </label>
      <label>
        <input type="checkbox" .checked=${app.state.measurement} @change=${change('measurement')} />
        ${
          zh
            ? '把看过的内容、收到的优惠及其结果（不含姓名）发给商店，帮助改进'
            : 'Send the shop what I looked at, which offers I saw and what came of them, without my name'
        }
      </label>
      <label>
        <input type="checkbox" .checked=${app.state.reports} @change=${change('reports')} />
        ${
          zh
            ? '每周发送一个随机化的比特，无法从中得知关于我的任何确切信息'
            : 'Send one randomized bit a week, from which nothing certain about me can be told'
        }
      </label>
    </fieldset>
  `;
}

const PATIENCE_MS = 3000;

function rights(app: App): TemplateResult {
  const zh = app.language === 'zh';
  const save = (): void =>
    promoEdge(async (edge) => {
      const text = JSON.stringify(await edge.exportData(), null, 2);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      link.download = 'lantern-lane-my-data.json';
      link.click();
      URL.revokeObjectURL(link.href);
    });
  const forget = async (): Promise<void> => {
    const done = await asked((edge) => edge.forget().then(() => true), false, PATIENCE_MS);
    if (done)
      app.say(zh ? '已清除：这台设备上不再留有任何记录。' : 'Forgotten: nothing is kept on this device.');
    else
      app.say(zh ? '优惠程序尚未载入，请稍后再试。' : 'The offers’ program has not loaded. Try again later.');
  };
  return html`
    <h2>${zh ? '你的数据' : 'Your data'}</h2>
    <p class="acts">
      <button type="button" class="button plain" @click=${save}>${zh ? '下载一份' : 'Take a copy'}</button>
      <button type="button" class="button plain" @click=${forget}>${zh ? '全部忘记' : 'Forget everything'}</button>
    </p>
  `;
}
