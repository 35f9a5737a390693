/** `match`: tells whether two products are one. */

import * as v from 'valibot';
import { BadInput } from '../../shared/errors.ts';
import { read } from '../../shared/read.ts';
import { readBoth } from '../dataset/rows.ts';
import { openMatcher } from '../matching/matcher-file.ts';
import { openBundle } from '../release/bundle.ts';
import { answerLines } from './answer-lines.ts';
import type { Command } from './command.ts';
import { needed } from './options.ts';
import { significant } from './recommend.ts';

const HELP = `
promo-edge match --bundle BUNDLE < pairs.jsonl

Reads lines {id?, a: product, b: product} and prints for each {id?, same, chance}: whether both are one product, and the
estimated chance of it. Learned from labelled pairs (pairs.jsonl) with 'train'; prices are read in the shop's currency.
`;

const schema = v.object({ id: v.nullish(v.union([v.string(), v.number()])) });

export const command: Command = {
  name: 'match',
  summary: 'tell whether two products are one',
  help: HELP,
  options: { bundle: { type: 'string' } },
  async run(values, _, io) {
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    const matcher = await openMatcher(bundle);
    if (matcher === undefined) {
      throw new BadInput(
        { file: bundle.dir },
        'a bundle with a same-product matcher',
        'none',
        'Train it (part classify) on a data folder with pairs.jsonl, at least 20 pairs of each label',
      );
    }
    const { shop } = await bundle.first();
    await answerLines(
      io,
      (raw) => ({ id: read(schema, raw).id ?? undefined, ...readBoth(raw, shop.currency) }),
      async (batch) =>
        batch.map(({ id, a, b }) => {
          const { same, chance } = matcher.match(a, b);
          return { ...(id === undefined ? {} : { id }), same, chance: significant(chance) };
        }),
    );
    return 0;
  },
};
