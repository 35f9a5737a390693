/** A small shop's networks, trained in a minute or so on simulated shoppers: what parity is measured on. */

import { textTokens } from '../../shared/features/text-tokens.ts';
import { SESSION_ENCODER } from '../../shared/models/session-encoder.ts';
import { packParameters } from '../../shared/quantize.ts';
import { seeded } from '../../shared/random.ts';
import type { Dataset } from '../../trainer-server/dataset/load.ts';
import { encodeHistories, trainEncoders } from '../../trainer-server/encoders/index.ts';
import { openTokenizer } from '../../trainer-server/encoders/tokenizer.ts';
import { fitSpec, trainPolicy } from '../../trainer-server/policy/index.ts';
import { SILENT } from '../../trainer-server/progress.ts';
import { type ParitySample, paritySamples } from '../../trainer-server/release/parity.ts';
import { createWorld, runWorld, UNIFORM } from '../../trainer-server/simulate/index.ts';
import { NO_CHECKPOINTS, type TrainingOptions } from '../../trainer-server/training-options.ts';
import type { EngineCase } from './engine-case.ts';
import { SYNTHETIC_SHOP, syntheticCatalogue } from './synthetic-catalogue.ts';

export interface TrainedCase extends EngineCase {
  samples: ParitySample[];
  /** Tokens of each product's title. */
  titles: Int32Array[];
}

export interface TrainedCaseOptions {
  /** Logged decisions to learn from. */
  decisions: number;
  /** Decisions of other shoppers to compare on. */
  samples: number;
  seed: number;
  /** Seconds for the encoders, and as many for the policy. */
  seconds: number;
  /** Milliseconds from any origin. */
  clock(): number;
}

/** The encoders, product vectors and Q head as `train` makes them. */
export async function trainedCase(options: TrainedCaseOptions): Promise<TrainedCase> {
  const { seed, clock, seconds } = options;
  const dataset = await simulated(options.decisions, seed, seed);
  const spec = fitSpec(dataset);
  const training = (name: string): TrainingOptions => {
    const end = clock() + 1000 * seconds;
    return {
      device: 'cpu',
      random: seeded(`${seed}/${name}`),
      progress: SILENT,
      signal: new AbortController().signal,
      deadline: () => (end - clock()) / 1000,
      checkpoints: NO_CHECKPOINTS,
    };
  };
  const only = ['text', 'items', 'session'] as const;
  const encoders = await trainEncoders(dataset, {
    ...training('encoders'),
    priceEdges: spec.priceEdges,
    only,
  });
  const { session, text, tokenizer } = encoders;
  if (session === undefined || text === undefined || tokenizer === undefined) {
    throw new Error('trained case: expected a session and a text encoder, got none');
  }
  const histories = dataset.decisions.map(({ history }) => history);
  const sessionStates = await encodeHistories(encoders, histories);
  const policy = await trainPolicy({ dataset, spec, sessionStates, training: training('policy') });
  const { unit, budgetMost } = policy;
  const width = SESSION_ENCODER.productWidth;
  const rows = encoders.vectors.length / width;
  const parameters = {
    ...session.parameters,
    ...policy.parameters,
    'head.unit': { shape: [2], data: Float32Array.of(unit.offset, unit.scale) },
    products: { shape: [rows, width], data: encoders.vectors },
  };
  const open = openTokenizer(tokenizer);
  const later = await simulated(options.samples, seed, seed + 1);
  const promotions = new Map(dataset.promotions.map((promotion) => [promotion.id, promotion]));
  return {
    session: session.config,
    head: policy.config,
    text: text.config,
    ...{ rows, parameters, textParameters: text.parameters },
    texts: packParameters(text.parameters),
    titles: dataset.products.map(({ title }) => textTokens(open, title, text.config.length)),
    first: { ...packParameters(parameters), ...policy.packed },
    samples: paritySamples(later.decisions, {
      ...{ spec, products: encoders.lookup, promotions },
      ...(budgetMost === undefined ? {} : { budgetMost }),
    }),
  };
}

/** The same shop for equal `world`, other shoppers for another `seed`. */
async function simulated(decisions: number, world: number, seed: number): Promise<Dataset> {
  const products = syntheticCatalogue(150, world);
  const options = { name: 'stationary', products, promotions: [], shop: SYNTHETIC_SHOP, seed: world };
  const made = createWorld(options);
  const run = await runWorld(made, UNIFORM, { decisions, seed });
  return {
    dir: 'simulated',
    ...{ shop: SYNTHETIC_SHOP, products, promotions: [...made.promotions] },
    ...{ events: run.events, decisions: run.decisions },
    ...{ pairs: [], judgements: [], notes: [], rejected: [] },
  };
}
