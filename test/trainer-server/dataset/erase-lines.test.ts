import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eraseLines } from '../../../trainer-server/dataset/erase-lines.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

describe('eraseLines', () => {
  it("takes out a visitor's events and decisions, and single decisions by id, and nothing else", async () => {
    const dir = temporaryFolder();
    const events = [
      '{"visitor":"a","name":"view_item","sku":"1"}',
      '{"visitor":"b","name":"view_item","sku":"a"}',
      'broken',
    ];
    const decisions = [
      '{"id":"1","visitor":"a","action":"x"}',
      '{"id":"2","visitor":"b","action":"x"}',
      '{"id":"3","visitor":"b","action":"x"}',
    ];
    writeFileSync(join(dir, 'events.jsonl'), `${events.join('\n')}\n`);
    writeFileSync(join(dir, 'decisions.jsonl.gz'), gzipSync(decisions.join('\n')));
    writeFileSync(join(dir, 'products.jsonl'), '{"sku":"a","visitor":"a"}\n');
    expect(await eraseLines(dir, { visitor: 'a', ids: ['3'] })).toEqual({
      'events.jsonl': 1,
      'decisions.jsonl.gz': 2,
    });
    expect(readFileSync(join(dir, 'events.jsonl'), 'utf8')).toBe(`${events[1]}\nbroken\n`);
    expect(gunzipSync(readFileSync(join(dir, 'decisions.jsonl.gz'))).toString()).toBe(`${decisions[1]}\n`);
    expect(readFileSync(join(dir, 'products.jsonl'), 'utf8')).toContain('"a"');
    expect(await eraseLines(dir, { visitor: 'nobody' })).toEqual({});
    expect(existsSync(join(dir, 'events.jsonl.part'))).toBe(false);
  });
});
