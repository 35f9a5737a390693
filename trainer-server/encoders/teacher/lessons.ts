/** What a teacher says of a catalogue's texts, in the edge encoder's width: the targets of distillation. */

import { type Random, shuffle } from '../../../shared/random.ts';
import type { TrainingOptions } from '../../training-options.ts';
import { along, principalDirections } from './principal-directions.ts';
import type { Teacher } from './teacher.ts';

export interface Lessons {
  texts: string[];
  /** The teacher's vectors along its principal directions, the most telling first, [texts * width]. */
  targets: Float32Array;
}

/** Texts that a teacher is asked at most; a small catalogue's are also told in parts, up to so many. */
const MOST = 12_000;
const ENOUGH = 6000;
/** Share of the remaining time that it may take. */
const SHARE = 0.15;
/** Texts between two looks at the clock. */
const BLOCK = 64;

/** As far as the time goes, in random order. @param width of the edge encoder's vectors */
export async function lessonsOf(
  teacher: Teacher,
  texts: readonly string[],
  width: number,
  options: Pick<TrainingOptions, 'random' | 'progress' | 'deadline' | 'signal'>,
): Promise<Lessons> {
  const random = options.random.fork('teacher');
  const asked = shuffle(withParts(texts, random), random).slice(0, MOST);
  const stage = options.progress.stage('texts told by the teacher', asked.length);
  const left = options.deadline();
  const until = Number.isFinite(left) ? left * (1 - SHARE) : 0;
  const vectors = new Float32Array(asked.length * teacher.width);
  let count = 0;
  while (count < asked.length && (count === 0 || options.deadline() > until) && !options.signal.aborted) {
    const block = asked.slice(count, count + BLOCK);
    vectors.set(await teacher.encode(block), count * teacher.width);
    count += block.length;
    stage.update(count);
  }
  stage.end(`${count} texts`);
  const said = vectors.subarray(0, count * teacher.width);
  const directions = principalDirections(said, teacher.width, width, random);
  return {
    texts: asked.slice(0, count),
    targets: along(said, teacher.width, directions, width),
  };
}

/** Searches are shorter than products: of long texts a run of words is asked too, until there are enough. */
function withParts(texts: readonly string[], random: Random): string[] {
  const out = new Set(texts);
  const long = texts.map((text) => text.split(/\s+/)).filter((words) => words.length > 2);
  for (let tries = 0; long.length > 0 && out.size < ENOUGH && tries < ENOUGH; tries++) {
    const words = long[random.int(long.length)]!;
    const length = 1 + random.int(Math.min(6, words.length - 1));
    const from = random.int(words.length - length + 1);
    out.add(words.slice(from, from + length).join(' '));
  }
  return [...out];
}
