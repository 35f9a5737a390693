import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { eligibilitySchema } from '../../../shared/promotions/eligibility-schema.ts';
import { readEligibility } from '../../../shared/promotions/read-eligibility.ts';
import golden from '../../cases/eligibility.json' with { type: 'json' };

const FILE = join(import.meta.dirname, '../../../shared/promotions/eligibility.schema.json');

/** What the schema does not say: bounds of the whole, and, to valibot alone, that an empty array is no object. */
const BEYOND = /a comparison|levels|conditions|IANA time zone|a JSON object, found \[\]/;

function read(raw: unknown): string | undefined {
  try {
    readEligibility(raw, 'EUR');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the schema of eligibility', () => {
  it('is the one in the file', () => {
    const written = toJsonSchema(eligibilitySchema, { target: 'draft-2020-12' });
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(written)));
  });

  it('takes and refuses what the reader takes and refuses', () => {
    const key = fc.constantFrom(
      ...new Set([...golden.hold.flatMap((expression) => Object.keys(expression))]),
      ...['extra', 'zone', 'days', 'from'],
    );
    const scalar = fc.constantFrom<unknown>('total', 'mon', '09:00', '', 5, true, null, 'x'.repeat(201));
    const { thing } = fc.letrec((tie) => ({
      thing: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.array(tie('thing'), { maxLength: 2 }),
        fc.dictionary(key, tie('thing'), { maxKeys: 2 }),
      ),
    }));
    const expression = fc.dictionary(key, thing, { minKeys: 1, maxKeys: 2 });
    fc.assert(
      fc.property(expression, (raw) => {
        const refused = read({ version: 1, ...raw });
        if (refused !== undefined && BEYOND.test(refused)) return;
        expect(v.is(eligibilitySchema, { version: 1, ...raw }), refused ?? 'the reader takes it').toBe(
          refused === undefined,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    { version: 1, all: [{ segment: 'a' }, { not: { attribute: 'b', not: 'c', below: 3 } }] },
    { version: 1, time: { days: ['mon'], from: '09:00', zone: 'Asia/Tokyo' } },
    { version: 1, cart: 'total', at_least: 20, below: 30 },
    { version: 1, product: 'a' },
  ])('takes what the reader takes: %j', (raw) => {
    expect([read(raw), v.is(eligibilitySchema, raw)]).toEqual([undefined, true]);
  });
});
