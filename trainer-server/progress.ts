/** Long work says what it does, how far it is and how long it has taken. */

/** One stage of work. */
export interface Stage {
  /** `done` of the total given at the start; `note` stands behind the bar (a loss, a count). */
  update(done: number, note?: string): void;
  /** Ends the stage; `summary` is what stays on the screen. */
  end(summary?: string): void;
}

export interface Progress {
  stage(name: string, total?: number): Stage;
  /** A line that stays. */
  say(text: string): void;
}

/** Progress that goes nowhere, for tests and libraries. */
export const SILENT: Progress = {
  stage: () => ({ update: () => undefined, end: () => undefined }),
  say: () => undefined,
};

interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
}

/**
 * Bars on a terminal; elsewhere a line when a stage begins to drag (every 10 s) and one when it ends.
 * @param now milliseconds, from any origin
 */
export function progressTo(screen: Screen, now: () => number): Progress {
  const live = screen.isTTY === true;
  return {
    say: (text) => void screen.write(`${text}\n`),
    stage(name, total) {
      const began = now();
      let shown = began;
      const line = (done: number, note: string): string =>
        `${name}${total === undefined ? '' : ` ${bar(done / total)} ${done}/${total}`} ${seconds(now() - began)} ${note}`;
      return {
        update(done, note = '') {
          if (now() - shown < (live ? 100 : 10_000)) return;
          shown = now();
          screen.write(live ? `\r\x1b[2K${line(done, note)}` : `${line(done, note)}\n`);
        },
        end(summary = '') {
          const text = `${name} done in ${seconds(now() - began)} ${summary}`.trimEnd();
          screen.write(`${live ? '\r\x1b[2K' : ''}${text}\n`);
        },
      };
    },
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * 20);
  return `[${'#'.repeat(full)}${'.'.repeat(20 - full)}]`;
}
