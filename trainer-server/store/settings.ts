/** What people have set for this installation, by name. */

import type { Db } from './database.ts';

export interface Settings {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

export function settingsOf(db: Db): Settings {
  const get = db.prepare('select value from setting where name = ?').pluck();
  const set = db.prepare(
    'insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
  );
  return {
    get: (name) => get.get(name) as string | undefined,
    set: (name, value) => void set.run(name, value),
  };
}
