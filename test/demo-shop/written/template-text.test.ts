import { html, nothing, svg } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { describe, expect, it } from 'vitest';
import { templateText } from '../../../demo-shop/written/template-text.ts';

describe('a template as text', () => {
  it('writes texts, lists and templates within templates where lit puts them', () => {
    const item = (name: string) => html`<li>${name}</li>`;
    expect(templateText(html`<ul>${['a', 'b'].map(item)}${nothing}${undefined}</ul> ${3}`)).toBe(
      '<ul><li>a</li><li>b</li></ul> 3',
    );
    expect(templateText(repeat(['a', 'b'], (name) => name, item))).toBe('<li>a</li><li>b</li>');
    expect(templateText(svg`<path d=${'M0 0'} />`)).toBe('<path d="M0 0" />');
  });

  it('writes attributes: whole ones, parts in quotes, booleans and properties; listeners come with the script', () => {
    const press = (): void => undefined;
    expect(templateText(html`<a href=${'/c'} class="x ${'y'} z" @click=${press}>t</a>`)).toBe(
      '<a href="/c" class="x y z">t</a>',
    );
    expect(
      templateText(html`<button ?disabled=${true} ?hidden=${false} aria-pressed=${false}>b</button>`),
    ).toBe('<button disabled aria-pressed="false">b</button>');
    expect(templateText(html`<input .value=${'tea'} .checked=${true} title=${nothing} />`)).toBe(
      '<input value="tea" checked />',
    );
  });

  it('lets no value break out of where it stands', () => {
    const bad = '"><script>alert(1)</script>&amp;';
    const text = templateText(html`<p title=${bad} class="a ${bad}">${bad}</p>`);
    expect(text.match(/[<>]/g)).toHaveLength(4);
    expect(text).toBe(
      `<p title="${'&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;amp;'}" class="a ${'&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;amp;'}">${'&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;amp;'}</p>`,
    );
  });
});
