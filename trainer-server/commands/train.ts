/** `train`: from a data folder to a bundle. */

import { BadInput, show } from '../../shared/errors.ts';
import type { BertConfig } from '../encoders/bert/bert-config.ts';
import type { FineTuning } from '../encoders/tuning/fine-tuning.ts';
import { FINE_TUNINGS, fineTuningOf, TEACHER_TUNINGS, teacherTuningOf } from '../encoders/tuning/index.ts';
import { MAY_FORGET } from '../recommend/choose-blend.ts';
import { PARTS, type Part, train } from '../train.ts';
import type { Device } from '../training-options.ts';
import type { Command, OptionValues } from './command.ts';
import { needed, numberOption } from './options.ts';

const METHODS = Object.entries(FINE_TUNINGS)
  .map(([name, { size }]) => `${name}:${size.usual} (${size.meaning})`)
  .join(', ');

const HELP = `
promo-edge train --data DIR --out BUNDLE [--from BUNDLE] [--only PARTS] [--tune METHOD] [--teacher CHECKPOINT]
                 [--tune-teacher METHOD] [--device auto|cpu|webgpu] [--seed N] [--budget-seconds N] [--holdout SHARE]
                 [--first-weeks SHARE] [--may-forget SHARE] [--no-adaptation] [--resume]

Trains what the data in DIR allows, compares the quantized files with the full-precision ones, judges the policy on
decisions of visitors that training never saw, and writes the bundle. A bundle that the evidence does not support is
written all the same, with a verdict that keeps 'publish' from letting it out.

  --from            an earlier bundle: the new policy must beat its policy (else: showing nothing)
  --may-forget      with --from: share of the old period's quality that recommendations may lose for the new one's
                    (default 0.02)
  --tune            with --from: how its text encoder learns, instead of by all its values. METHOD is ${METHODS}
  --lora            RANK: the same as --tune lora:RANK
  --teacher         what the text encoder learns from: a published model, as for 'embed --checkpoint', or a bundle
  --tune-teacher    with --teacher, a BERT with its weights: it first learns from the shop's own pairs (views of a product,
                    behaviour, searches, labelled pairs), little beside its values, and teaches then; BUNDLE/trainer/teacher
                    keeps it. Where held-out pairs do not speak for it, it teaches as it was published. METHOD is
                    ${Object.keys(TEACHER_TUNINGS).join(' or ')}, with a size as above or without
  --only            of ${PARTS.join(', ')}; separated by commas (default: all that the data allows)
  --device          auto (default), cpu or webgpu
  --seed            equal seeds, data and times give equal models (default 1)
  --budget-seconds  longest time; each part gives the best it has by then (default 1800)
  --holdout         share of devices that are never shown anything, to measure what promotions are worth (default 0)
  --first-weeks     while no policy runs and the log supports none: the first promotion of promotions.json whose own
                    rules hold is shown, and in this share of decisions (0.2 is usual) one drawn at random, so that
                    there is something to learn from; propensities are exact (default: nothing is shown)
  --no-adaptation   devices are not to learn on from their own shopper's outcomes, whatever the log says
  --resume          go on with the work that a killed run left behind

Missing files just leave parts out: without decisions.jsonl there is no policy, without events no session encoder.
`;

const DEVICES: readonly Device[] = ['auto', 'cpu', 'webgpu'];

export const command: Command = {
  name: 'train',
  summary: 'train what a data folder allows, judge it, write a bundle',
  help: HELP,
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    from: { type: 'string' },
    'may-forget': { type: 'string' },
    tune: { type: 'string' },
    lora: { type: 'string' },
    teacher: { type: 'string' },
    'tune-teacher': { type: 'string' },
    only: { type: 'string' },
    device: { type: 'string', default: 'auto' },
    seed: { type: 'string' },
    'budget-seconds': { type: 'string' },
    holdout: { type: 'string' },
    'first-weeks': { type: 'string' },
    'no-adaptation': { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
  },
  async run(values, _, io) {
    const out = needed(values, 'out', 'a folder to write the bundle to');
    const method = tuningOf(values);
    const ofTeacher = tuningOfTeacher(values);
    const manifest = await train(
      {
        data: needed(values, 'data', 'a data folder'),
        out,
        ...(typeof values.from === 'string' ? { from: values.from } : {}),
        ...(typeof values.teacher === 'string' ? { teacher: values.teacher } : {}),
        ...(method === undefined ? {} : { tuning: method }),
        ...(ofTeacher === undefined ? {} : { teacherTuning: ofTeacher }),
        ...(typeof values.only === 'string' ? { only: partsOf(values.only) } : {}),
        device: deviceOf(values),
        seed: numberOption(values, 'seed', { fallback: 1, min: 0, max: 2 ** 31, integer: true }),
        budgetSeconds: numberOption(values, 'budget-seconds', { fallback: 1800, min: 1, max: 604_800 }),
        mayForget: numberOption(values, 'may-forget', { fallback: MAY_FORGET, min: 0, max: 1 }),
        holdout: numberOption(values, 'holdout', { fallback: 0, min: 0, max: 1 }),
        ...(values['first-weeks'] === undefined
          ? {}
          : { firstWeeks: numberOption(values, 'first-weeks', { fallback: 0, min: 0, max: 1 }) }),
        adapt: values['no-adaptation'] !== true,
        resume: values.resume === true,
      },
      io,
    );
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    io.progress.say(
      `${out}: ${manifest.parts.join(', ') || 'catalogue only'}; ${(bytes / 1e6).toFixed(2)} MB`,
    );
    return 0;
  },
};

function partsOf(text: string): Part[] {
  return text.split(',').map((part) => {
    if ((PARTS as readonly string[]).includes(part)) return part as Part;
    throw new BadInput({ field: '--only' }, `parts of ${PARTS.join(', ')}`, show(part));
  });
}

function tuningOf({ tune, lora, from }: OptionValues): FineTuning | undefined {
  const told = typeof tune === 'string' ? tune : typeof lora === 'string' ? `lora:${lora}` : undefined;
  if (told !== undefined && from === undefined) {
    const field = tune === undefined ? '--lora' : '--tune';
    throw new BadInput({ field }, '--from, a bundle whose text encoder it adapts', 'nothing');
  }
  return told === undefined ? undefined : fineTuningOf(told);
}

function tuningOfTeacher(values: OptionValues): FineTuning<BertConfig> | undefined {
  const told = values['tune-teacher'];
  if (typeof told !== 'string') return undefined;
  if (values.teacher === undefined)
    throw new BadInput({ field: '--tune-teacher' }, '--teacher, the model that it adapts', 'nothing');
  return teacherTuningOf(told);
}

function deviceOf(values: OptionValues): Device {
  const device = DEVICES.find((known) => known === values.device);
  if (device === undefined)
    throw new BadInput({ field: '--device' }, DEVICES.join(', '), show(values.device));
  return device;
}
