/** The named worlds: what differs between them is numbers in one object. */

import { BadInput } from '../../shared/errors.ts';
import { seeded } from '../../shared/random.ts';

/**
 * Every number of a world. Log-odds are of a purchase at one decision. None is an estimate of a real shop: they are
 * chosen so that different promotions win for different shoppers and that 50,000 decisions can show it.
 */
export interface WorldParameters {
  /** Log-odds of a purchase at a session's first slot, without promotion, for a shopper without motives. */
  baseLogOdds: number;
  /** Added from the first slot of a session to its last. */
  stageLogOdds: number;
  /** Deviation of a session's hidden intent. */
  intentDeviation: number;
  /** Share of shoppers led by each motive, in the order of MOTIVES. */
  motiveShares: readonly number[];
  /** Weight of a shopper's leading motive; the rest is spread over all of them. */
  motiveFocus: number;
  /** Log-odds for each unit of relative saving, for a pure bargain hunter. */
  priceElasticity: number;
  /** The same for everybody. */
  commonElasticity: number;
  /** Log-odds that a pure motive gains from its own kind of offer: shipping, gifts and points, messages. */
  offerPull: number;
  /** Log-odds gained where a scoped offer is about just what the shopper wants. */
  relevancePull: number;
  /** Added to the base of a pure resolute shopper, who buys without any offer. */
  resolve: number;
  /** Log-odds lost by a pure resolute shopper where any offer is shown. */
  annoyance: number;
  /** How much each recently shown promotion weakens the next: attention = 1 / (1 + fatigue x exposure). */
  fatigue: number;
  /** Days in which an exposure halves. */
  fatigueHalfLifeDays: number;
  /** Log-odds of buying without discount lost for each unit of discount seen before: shoppers learn to wait. */
  discountTraining: number;
  /** Probability that a purchase comes days after its decision. */
  delayShare: number;
  /** Mean of that delay. */
  delayMeanDays: number;
  /** A purchase counts for a decision this long. */
  attributionDays: number;
  /** Probability that an order is returned. Calibrated where the events hold refunds. */
  refundShare: number;
  /** Probability that a shown promotion is noticed at all. */
  compliance: number;
  /** Days in which the mix of motives turns once round; 0 is never. */
  driftPeriodDays: number;
  /** Log-odds added at seasonal peaks (Friday to Sunday, and the last five days of a month). */
  peakLogOdds: number;
  /** Tail index of the number of times a bought basket is ordered over; 0 is always once. */
  tailIndex: number;
  /** Sharpness with which a shopper's behaviour shows the motives: 0 shows nothing. */
  clarity: number;
  /** Mean number of a visitor's sessions where events do not tell. */
  sessionsPerVisitor: number;
}

const STATIONARY: WorldParameters = {
  baseLogOdds: -3.6,
  stageLogOdds: 1.5,
  intentDeviation: 0.6,
  motiveShares: [0.3, 0.18, 0.17, 0.15, 0.2],
  motiveFocus: 0.85,
  priceElasticity: 20,
  commonElasticity: 3,
  offerPull: 2.6,
  relevancePull: 0.9,
  resolve: 1.6,
  annoyance: 0.3,
  fatigue: 0.08,
  fatigueHalfLifeDays: 3,
  discountTraining: 0,
  delayShare: 0.15,
  delayMeanDays: 2,
  attributionDays: 7,
  refundShare: 0.05,
  compliance: 0.95,
  driftPeriodDays: 0,
  peakLogOdds: 0,
  tailIndex: 0,
  clarity: 1,
  sessionsPerVisitor: 3,
};

const WORLDS: Readonly<Record<string, Partial<WorldParameters>>> = {
  /** Tastes stay as they are: what can be learned from one log holds for the next. */
  stationary: {},
  /** The mix of motives turns over the weeks. */
  drifting: { driftPeriodDays: 120 },
  /** At peaks people buy anyway; between them they need a reason. */
  seasonal: { peakLogOdds: 1.8, baseLogOdds: -3.9 },
  /** Each discount seen teaches to wait for the next: what pays now costs later. */
  'discount-trained': { discountTraining: 3, sessionsPerVisitor: 6 },
  /** One purchase in a hundred decisions. */
  sparse: { baseLogOdds: -5.2 },
  /** A few orders carry most of the profit. */
  'heavy-tails': { tailIndex: 1.7 },
};

export const WORLD_NAMES: readonly string[] = Object.keys(WORLDS);

/** What a perturbed twin must not touch: shares and probabilities near one, and what tells the worlds apart. */
const NOT_PERTURBED = new Set<string>(['motiveShares', 'motiveFocus', 'compliance', 'attributionDays']);
/** Standard deviation of the log of a twin's factor: a twin is the same kind of shop elsewhere. */
const TWIN_DEVIATION = 0.2;

/** The parameters of `NAME`, or of its twin `NAME~K`. @throws BadInput for an unknown name */
export function worldParameters(name: string): WorldParameters {
  const [base = '', twin] = name.split('~');
  const own = WORLDS[base];
  if (own === undefined || (twin !== undefined && !/^\d+$/.test(twin))) {
    throw new BadInput(
      { field: 'world' },
      `one of ${WORLD_NAMES.join(', ')}, or NAME~K for a perturbed twin`,
      name,
    );
  }
  const parameters = { ...STATIONARY, ...own };
  return twin === undefined ? parameters : perturbed(parameters, name);
}

function perturbed(parameters: WorldParameters, name: string): WorldParameters {
  const random = seeded(`twin/${name}`);
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parameters)) {
    out[key] =
      typeof value !== 'number' || NOT_PERTURBED.has(key)
        ? value
        : value * Math.exp(TWIN_DEVIATION * random.normal());
  }
  const shares = parameters.motiveShares.map(
    (share) => share * Math.exp(2 * TWIN_DEVIATION * random.normal()),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  return {
    ...(out as unknown as WorldParameters),
    motiveShares: shares.map((share) => share / total),
    delayShare: Math.min(0.6, out.delayShare as number),
    refundShare: Math.min(0.4, out.refundShare as number),
  };
}
