/** How far the forms of one trained network lie apart, from the training graph to a worker in headless Chromium. */

import { join } from 'node:path';
import { compileIntegerKernels } from '../../shared/kernels/compile-integers.ts';
import { textEngine } from '../../shared/kernels/text-engine.ts';
import { ortNodeEngine } from '../../trainer-server/engine/ort-node-engine.ts';
import { measureParity, type Outputs, parityOf } from '../../trainer-server/release/parity.ts';
import { engineFiles, onnxFiles } from '../helpers/engine-files.ts';
import type { Asked, OpenEngine } from '../helpers/engine-worker.ts';
import { type TrainedCase, trainedCase } from '../helpers/trained-case.ts';
import { trainingGraphOutputs } from '../helpers/training-graph.ts';
import { openWorkerPage } from '../helpers/worker-page.ts';
import type { Bench, Figures } from './bench.ts';

export const bench: Bench = {
  summary:
    'differences between training graph, fp32 and int8 ONNX, small kernels and browser, on a trained bundle',
  async run({ quick, say }) {
    say('training session encoder and policy on a simulated shop');
    const of = await trainedCase({
      decisions: quick ? 2000 : 8000,
      samples: quick ? 300 : 2000,
      seed: 1,
      // More than it wants: what is measured must not depend on the machine.
      seconds: quick ? 20 : 600,
      clock: () => performance.now(),
    });
    // The training graph has no empty sessions: it is never asked for one.
    of.samples = of.samples.filter(({ session }) => session.length > 0);
    say(`${of.samples.length} decisions of other shoppers, ${of.rows} products`);
    const trained = await trainingGraphOutputs(of, of.samples);
    const meta = { session: of.session, head: of.head };
    const { products } = of.parameters;
    const here = await measureParity({
      meta,
      tensors: of.first,
      int8: onnxFiles(of, 'int8'),
      fp32: { ...onnxFiles(of, 'fp32'), products: { products: products! } },
      samples: of.samples,
      trained,
    });
    return {
      ...here,
      tier0_text_cosine_least: await textCosine(of),
      ...(await browserFigures(of, trained)),
      decisions: of.samples.length,
    };
  },
};

/** The kernels' text vectors, whose activations are 7 bits, against ONNX Runtime's from the same int8 weights. */
async function textCosine(of: TrainedCase): Promise<number> {
  const meta = { session: of.session, head: of.head };
  const ort = await ortNodeEngine(meta, of.first, {});
  await ort.loadText(of.text, onnxFiles(of, 'int8').text);
  const kernels = await textEngine(of.text, of.texts, await compileIntegerKernels());
  let least = 1;
  for (const tokens of of.titles) {
    const [a, b] = [await ort.encodeText!(tokens), await kernels.encodeText(tokens)];
    // Both have unit length.
    least = Math.min(
      least,
      a.reduce((sum, value, i) => sum + value * b[i]!, 0),
    );
  }
  ort.dispose();
  return least;
}

/** The browser's engines against the training graph. */
async function browserFigures(of: TrainedCase, trained: Outputs[]): Promise<Figures> {
  const page = await openWorkerPage(
    join(import.meta.dirname, '../helpers/engine-worker.ts'),
    engineFiles(of),
  );
  const meta = { session: of.session, head: of.head };
  const answersOf = async (engine: OpenEngine['engine']): Promise<Outputs[]> => {
    await page.ask({ do: 'open', engine, meta } satisfies OpenEngine);
    const { answers } = await page.ask<Asked>({ do: 'ask', questions: of.samples, rounds: 1 });
    return answers.map(({ state, q }) => ({ state: Float32Array.from(state!), q: Float32Array.from(q!) }));
  };
  try {
    const tier0 = await answersOf('kernels');
    const ort = await answersOf('ort-wasm');
    const unit = Math.abs(of.parameters['head.unit']!.data[1]!);
    const found = parityOf({ fp32: trained, int8: ort, tier0 }, unit);
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [`chromium_${name}`, value]));
  } finally {
    await page.close();
  }
}
