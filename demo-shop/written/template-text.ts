/** A lit template as HTML text, for pages that the server writes: what a page shows before its script has come. */

import { nothing, type TemplateResult } from 'lit-html';
import { escaped } from '../escaped.ts';

/** Lit's own mark of a template, and of a directive with its arguments (lit-html 3, `_$litType$`, `_$litDirective$`). */
type Template = Pick<TemplateResult, '_$litType$' | 'strings' | 'values'>;
interface Repeated {
  _$litDirective$: unknown;
  values: [items: Iterable<unknown>, key: unknown, template: (item: unknown, index: number) => unknown];
}

/** What a tag's text ends with where a whole attribute is a value: `name=`, `?name=`, `.name=` or `@name=`. */
const ATTRIBUTE = /\s([.?@]?)([\w-]+)=$/;

/** Listeners are left out; they come with the script. `repeat` is the one directive that is known. */
export function templateText(value: unknown): string {
  if (value === undefined || value === null || value === nothing) return '';
  if (Array.isArray(value)) return value.map(templateText).join('');
  if (isTemplate(value)) return ofTemplate(value);
  if (isRepeated(value)) {
    const [items, , template] = value.values;
    return [...items].map((item, i) => templateText(template(item, i))).join('');
  }
  return escaped(String(value));
}

function ofTemplate({ strings, values }: Template): string {
  let text = strings[0]!;
  values.forEach((value, i) => {
    const attribute = inTag(text) ? ATTRIBUTE.exec(text) : null;
    if (attribute !== null) text = text.slice(0, attribute.index) + ofAttribute(attribute, value);
    // Inside quotes, as part of an attribute.
    else if (inTag(text)) text += escaped(String(value));
    else text += templateText(value);
    text += strings[i + 1]!;
  });
  return text;
}

function ofAttribute([, kind, name]: RegExpExecArray, value: unknown): string {
  if (kind === '@' || value === undefined || value === null || value === nothing) return '';
  if (kind === '?' || typeof value === 'boolean') {
    if (kind === '') return ` ${name}="${value}"`;
    return value ? ` ${name}` : '';
  }
  return ` ${name}="${escaped(String(value))}"`;
}

/** No text of ours holds a `<` or `>` that is no tag's: values are escaped. */
const inTag = (text: string): boolean => text.lastIndexOf('<') > text.lastIndexOf('>');

const isTemplate = (value: unknown): value is Template =>
  typeof value === 'object' && value !== null && '_$litType$' in value;

const isRepeated = (value: unknown): value is Repeated =>
  typeof value === 'object' && value !== null && '_$litDirective$' in value;
