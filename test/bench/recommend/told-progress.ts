/** Whether what a command says of its progress agrees with the clock of who listens. */

export interface HeardLine {
  /** Seconds since the command began. */
  at: number;
  text: string;
}

/** Longest time without a word, in seconds. @param took seconds until the command ended */
export function silenceOf(heard: readonly HeardLine[], took: number): number {
  const times = [0, ...heard.map(({ at }) => at), took];
  return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
}

/** Seconds in which none of the stages that were told ran. */
export function untoldOf(heard: readonly HeardLine[], took: number): number {
  const stages = stagesOf(heard).sort((a, b) => a.from - b.from);
  let [untold, told] = [0, 0];
  for (const { from, to } of stages) {
    untold += Math.max(0, from - told);
    told = Math.max(told, to);
  }
  return untold + Math.max(0, took - told);
}

/** Stages shorter than this show no bar to speak of. */
const LONG_S = 20;

/** Most that a bar was off the share of its stage's time that had passed, 0 to 1. */
export function barError(heard: readonly HeardLine[]): number {
  const errors = stagesOf(heard)
    .filter(({ from, to }) => to - from >= LONG_S)
    .flatMap(({ name, from, to }) =>
      heard
        .filter(({ at, text }) => at > from && at <= to && text.startsWith(`${name} [`))
        .map(({ at, text }) => {
          const [, done, total] = /\] (\d+)\/(\d+) /.exec(text)!;
          return Math.abs(Number(done) / Number(total) - (at - from) / (to - from));
        }),
    );
  return Math.max(0, ...errors);
}

interface Stage {
  name: string;
  /** Seconds since the command began. */
  from: number;
  to: number;
}

/** Ends as they were heard, beginnings as they were told. */
function stagesOf(heard: readonly HeardLine[]): Stage[] {
  return heard.flatMap(({ at, text }) => {
    const told = /^(.*) done in ([\d.]+) s/.exec(text);
    return told === null ? [] : [{ name: told[1]!, from: at - Number(told[2]), to: at }];
  });
}
