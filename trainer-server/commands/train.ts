/** `train`: from a data folder to a bundle. */

import { BadInput, show } from '../../shared/errors.ts';
import { PARTS, type Part, train } from '../train.ts';
import type { Device } from '../training-options.ts';
import type { Command, OptionValues } from './command.ts';
import { needed, numberOption } from './options.ts';

const HELP = `
promo-edge train --data DIR --out BUNDLE [--from BUNDLE] [--only PARTS] [--lora RANK] [--teacher CHECKPOINT]
                 [--device auto|cpu|webgpu] [--seed N] [--budget-seconds N] [--holdout SHARE] [--resume]

Trains what the data in DIR allows, compares the quantized files with the full-precision ones, judges the policy on
decisions of visitors that training never saw, and writes the bundle. A bundle that the evidence does not support is
written all the same, with a verdict that keeps 'publish' from letting it out.

  --from            an earlier bundle: the new policy must beat its policy (else: showing nothing)
  --lora            with --from: low-rank adapters of this rank are all that its text encoder learns by
  --teacher         what the text encoder learns from: a published model, as for 'embed --checkpoint', or a bundle
  --only            of ${PARTS.join(', ')}; separated by commas (default: all that the data allows)
  --device          auto (default), cpu or webgpu
  --seed            equal seeds, data and times give equal models (default 1)
  --budget-seconds  longest time; each part gives the best it has by then (default 1800)
  --holdout         share of devices that are never shown anything, to measure what promotions are worth (default 0)
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
    lora: { type: 'string' },
    teacher: { type: 'string' },
    only: { type: 'string' },
    device: { type: 'string', default: 'auto' },
    seed: { type: 'string' },
    'budget-seconds': { type: 'string' },
    holdout: { type: 'string' },
    resume: { type: 'boolean', default: false },
  },
  async run(values, _, io) {
    const out = needed(values, 'out', 'a folder to write the bundle to');
    if (values.lora !== undefined && values.from === undefined)
      throw new BadInput({ field: '--lora' }, '--from, a bundle whose text encoder it adapts', 'nothing');
    const manifest = await train(
      {
        data: needed(values, 'data', 'a data folder'),
        out,
        ...(typeof values.from === 'string' ? { from: values.from } : {}),
        ...(typeof values.teacher === 'string' ? { teacher: values.teacher } : {}),
        ...(values.lora === undefined
          ? {}
          : { loraRank: numberOption(values, 'lora', { fallback: 8, min: 1, max: 64, integer: true }) }),
        ...(typeof values.only === 'string' ? { only: partsOf(values.only) } : {}),
        device: deviceOf(values),
        seed: numberOption(values, 'seed', { fallback: 1, min: 0, max: 2 ** 31, integer: true }),
        budgetSeconds: numberOption(values, 'budget-seconds', { fallback: 1800, min: 1, max: 604_800 }),
        holdout: numberOption(values, 'holdout', { fallback: 0, min: 0, max: 1 }),
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

function deviceOf(values: OptionValues): Device {
  const device = DEVICES.find((known) => known === values.device);
  if (device === undefined)
    throw new BadInput({ field: '--device' }, DEVICES.join(', '), show(values.device));
  return device;
}
