import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../trainer-server/store/database.ts';
import { groupCommitOf } from '../../../trainer-server/store/group-commit.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

function opened() {
  const dir = temporaryFolder();
  const db = openDatabase(dir);
  db.exec('create table number (n integer unique)');
  const insert = db.prepare('insert into number values (?)');
  const numbers = () => openDatabase(dir).prepare('select n from number order by n').pluck().all();
  return { db, numbers, add: (n: number) => insert.run(n), commit: groupCommitOf(db) };
}

describe('a group commit', () => {
  it('writes what was asked for at once in one transaction, and answers each', async () => {
    const { db, numbers, add, commit } = opened();
    /** Pages written since it was last asked: each commit writes every page that it touched again. */
    const written = () => (db.pragma('wal_checkpoint(passive)') as { log: number }[])[0]!.log;
    const adding = (n: number) =>
      commit(() => {
        add(n);
        return { n, inTransaction: db.inTransaction };
      });
    written();
    const answers = await Promise.all([1, 2, 3].map(adding));
    const together = written();
    for (const n of [4, 5, 6]) await adding(n);
    const oneByOne = written();
    expect(answers).toEqual([1, 2, 3].map((n) => ({ n, inTransaction: true })));
    expect(numbers()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(oneByOne).toBe(3 * together);
  });

  it('takes back the rows of one that fails, and no others', async () => {
    const { numbers, add, commit } = opened();
    const settled = await Promise.allSettled([
      commit(() => add(1)),
      commit(() => {
        add(2);
        throw new Error('no');
      }),
      commit(() => {
        add(3);
        add(1);
      }),
      commit(() => add(4)),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(numbers()).toEqual([1, 4]);
  });

  it('answers nobody before the rows are there for every other connection', async () => {
    const { numbers, add, commit } = opened();
    await commit(() => add(7));
    expect(numbers()).toEqual([7]);
  });

  it('waits for another process, while this one goes on', async () => {
    const { db, numbers, add, commit } = opened();
    const other = openDatabase(db.name.replace(/\/[^/]*$/, ''));
    other.exec('begin immediate');
    const waiting = commit(() => add(1));
    let turns = 0;
    const timer = setInterval(() => {
      if (++turns === 5) other.exec('commit');
    }, 1);
    await waiting;
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(5);
    expect(numbers()).toEqual([1]);
  });

  it('has written nothing of anybody when the disk is full', async () => {
    const { db, numbers, add, commit } = opened();
    const full = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${full}`);
    const settled = await Promise.allSettled([
      commit(() => add(1)),
      commit(() => db.exec(`create table big as select randomblob(1e6) as b`)),
      commit(() => add(2)),
    ]);
    expect(settled[1]).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_FULL' } });
    const kept = settled.flatMap(({ status }, i) =>
      status === 'fulfilled' && i !== 1 ? [i === 0 ? 1 : 2] : [],
    );
    expect(numbers()).toEqual(kept);
    db.pragma('max_page_count = 1000000');
    await commit(() => add(3));
    expect(numbers()).toEqual([...kept, 3]);
  });
});
