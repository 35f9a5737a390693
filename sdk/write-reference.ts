/** Writes sdk/REFERENCE.md from the types that pages meet and the defaults in sdk/options.ts: `tsx sdk/write-reference.ts`. */

import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULTS } from './options.ts';

const HEAD = `# Reference of the SDK

Written by \`npx tsx sdk/write-reference.ts\` from the types of the source; a test fails where it is out of date. Times are
milliseconds, moments epoch milliseconds, money major units where a page gives it. How it fits together: README.md.
`;

/** What `sdk/api.ts` hands on from elsewhere, by file. */
const HANDED_ON: Readonly<Record<string, readonly string[]>> = {
  'decision.ts': ['Decision', 'Reason'],
  'engine.ts': ['Tier'],
  'explain/explain-decision.ts': ['DecisionExplanation'],
  'explain/attention.ts': ['AttendedEvent'],
  'recommend/cross.ts': ['Because'],
};

/** The order in which a reader wants them; what is not named here follows as it stands in the file. */
const FIRST = [
  ...['PromoEdge', 'Options', 'DecideOptions', 'SlotDecision', 'Decision', 'Reason', 'Creative', 'Tier'],
  ...['Events', 'Consent'],
];

interface Member {
  signature: string;
  text: string;
}

interface Declared {
  name: string;
  kind: string;
  text: string;
  members: Member[];
}

/**
 * @param source of api.ts, as Biome formats it: a declaration's members stand two spaces in, and it ends with `}`
 * @param others sources of which only some declarations are wanted
 */
export function reference(
  source: string,
  others: readonly (readonly [string, readonly string[]])[] = [],
): string {
  const found = [
    ...declarations(source),
    ...others.flatMap(([other, names]) => declarations(other).filter(({ name }) => names.includes(name))),
  ];
  const place = ({ name }: Declared): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const sorted = [...found].sort((a, b) => place(a) - place(b));
  return `${HEAD}\n${sorted.map(section).join('\n')}`;
}

function declarations(source: string): Declared[] {
  const pattern =
    /(?:^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^export (interface|type) (\w+)([^\n]*)\n([\s\S]*?)(?=^(?:\/\*\*|export|declare)|(?![\s\S]))/gm;
  return [...source.matchAll(pattern)].map(([, comment = '', kind, name, head, body]) => ({
    ...{ name: name!, text: plain(comment) },
    kind:
      kind === 'type'
        ? `${name}${head}`.replace(/;$/, '')
        : (/extends ([^{]+)/.exec(head!)?.[1] ?? '').trim(),
    members: kind === 'type' ? [] : membersOf(body!),
  }));
}

function membersOf(body: string): Member[] {
  const pattern = /(?:^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^ {2}(?! )(?!\/\*\*)([^\n}][\s\S]*?;)$/gm;
  return [...body.matchAll(pattern)].map(([, comment = '', signature]) => ({
    signature: signature!.replace(/\s+/g, ' ').replace(/;$/, ''),
    text: plain(comment),
  }));
}

const plain = (comment: string): string =>
  comment
    .replace(/^\s*\*? ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();

function section({ name, kind, text, members }: Declared): string {
  const lines = [`## ${name}`, ''];
  if (members.length === 0) lines.push(`\`${kind}\``, '');
  else if (kind !== '') lines.push(`Beside what \`${kind}\` has:`, '');
  if (text !== '') lines.push(text, '');
  for (const member of members) lines.push(`- ${entry(name, member)}`);
  if (members.length > 0) lines.push('');
  return lines.join('\n');
}

function entry(name: string, { signature, text }: Member): string {
  const option = /^(\w+)\??:/.exec(signature)?.[1] ?? '';
  const value =
    name === 'Options' && option in DEFAULTS ? DEFAULTS[option as keyof typeof DEFAULTS] : undefined;
  const default_ = value === undefined || /Default/.test(text) ? '' : ` Default ${JSON.stringify(value)}.`;
  return `\`${signature}\`${text === '' ? '' : `: ${text}`}${default_}`;
}

export const REFERENCE = join(import.meta.dirname, 'REFERENCE.md');

export async function currentReference(): Promise<string> {
  const source = (...path: string[]): Promise<string> => readFile(join(import.meta.dirname, ...path), 'utf8');
  const others = Object.entries(HANDED_ON).map(
    async ([file, names]) => [await source('..', 'shared', file), names] as const,
  );
  return reference(await source('api.ts'), await Promise.all(others));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await writeFile(REFERENCE, await currentReference());
