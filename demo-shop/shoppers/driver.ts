/** What a scripted shopper can do on a page, whoever moves the hands: a browser's automation, or a script in the page. */

export interface Driver {
  /** Goes to one of the shop's addresses, as by its address bar. */
  open(path: string): Promise<void>;
  /** Clicks the nth of the elements that match; false where there is none. */
  click(selector: string, nth?: number): Promise<boolean>;
  /** Fills a field; false where there is none. */
  fill(selector: string, text: string): Promise<boolean>;
  /** Presses Enter in a field. */
  submit(selector: string): Promise<void>;
  count(selector: string): Promise<number>;
  text(selector: string): Promise<string>;
  attribute(selector: string, name: string): Promise<string | undefined>;
  /** Waits until one is there; false where none comes. */
  appears(selector: string): Promise<boolean>;
  /** Looks at the page for a while. */
  wait(ms: number): Promise<void>;
}

/** Chance, as shoppers need it: uniform in [0, 1). */
export type Chance = () => number;

/** A fixed stream of chance for every seed (mulberry32, Tommy Ettinger). */
export function chance(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
