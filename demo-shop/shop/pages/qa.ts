import { html } from 'lit-html';
import type { Page } from './page.ts';

/** What is being watched: it outlives a change of language, which makes the page again. */
let watching: { root: HTMLElement; close(): void } | undefined;

/** The loop, watched: a file of its own, fetched when somebody wants to see it. */
export const qa: Page = (app) => {
  watching ??= { root: document.createElement('div'), close: () => undefined };
  const { root } = watching;
  root.className = 'qa';
  return {
    title: app.language === 'zh' ? '看它如何学习' : 'Watch it learn',
    arrived() {
      void import('../../qa/page.ts').then(({ openQa }) => {
        if (watching?.root === root) watching.close = openQa(root, app);
      });
    },
    left() {
      watching?.close();
      watching = undefined;
    },
    render: () => html`${root}`,
  };
};
