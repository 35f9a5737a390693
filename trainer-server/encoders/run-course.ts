/** One stage of training, whoever learns: steps until they or the time run out. */

import { learningRate, type Training } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import type { Course } from './text-courses.ts';
import type { TextTrainingOptions } from './text-options.ts';
import { timeShare } from './time-share.ts';

/** @param learner as progress names it @returns the loss and the figures that the program tells, smoothed, as `NAMELoss` */
export async function runCourse(
  training: Training,
  learner: string,
  { program, title, told = [], steps, seconds, rate, final, batch, beside = [], check }: Course,
  options: Pick<TrainingOptions, 'deadline' | 'progress'>,
  { warmup }: Pick<TextTrainingOptions, 'warmup'>,
): Promise<Record<string, number>> {
  const share = timeShare(steps, seconds, options.deadline);
  const titles = [title, ...beside.map((other) => other.program)].join(', ');
  const stage = options.progress.stage(`${learner}, ${titles}`, 100);
  const schedule = { peak: rate, steps: 1000, warmup: 1000 * warmup, final };
  const losses: Record<string, number> = {};
  let step = 0;
  for (let progress = 0; progress < 1; progress = share.progress(++step)) {
    const rated = learningRate(schedule, progress * 1000);
    const { loss, outputs } = await training.step(await batch(training), rated, program);
    const figures = { [program]: loss };
    for (const name of told) figures[name] = outputs[name]![0]!;
    for (const other of beside) {
      if (step % other.every !== 0) continue;
      figures[other.program] = (await training.step(other.batch(), rated, other.program)).loss;
    }
    for (const [name, x] of Object.entries(figures)) losses[`${name}Loss`] = smooth(losses[`${name}Loss`], x);
    stage.update(
      Math.round(100 * progress),
      `step ${step + 1}, loss ${losses[`${program}Loss`]!.toFixed(3)}`,
    );
    if (check !== undefined && (step + 1) % check.every === 0 && !(await check.goesOn())) {
      step++;
      break;
    }
  }
  stage.end(`${step} steps, loss ${losses[`${program}Loss`]!.toFixed(3)}`);
  return losses;
}

const smooth = (mean: number | undefined, x: number): number =>
  mean === undefined ? x : 0.95 * mean + 0.05 * x;
