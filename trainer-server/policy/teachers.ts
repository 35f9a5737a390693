/**
 * What the response model says, with the corrections of networks that left-out visitors trust. Ensembles of several
 * strengths of the conservative penalty compete by doubly robust value on the left-out folds; where the first one has
 * nothing to correct, the others are not trained.
 */

import type { TrainingOptions } from '../training-options.ts';
import { type Ensemble, type Teaching, trainEnsemble } from './ensemble.ts';
import { widestChoice } from './policy-data.ts';
import type { PolicyOptions } from './policy-options.ts';
import { type Predictions, predict } from './predict.ts';
import { type Correction, corrected } from './stack.ts';
import { chooseStrength, type StrengthChoice } from './strength.ts';

export interface Taught {
  teacher: Predictions;
  choice: StrengthChoice;
  /** Weight of the corrections, 0 to 1. */
  trust: number;
  epochs: number;
}

export async function trainTeachers(
  teaching: Teaching,
  training: Omit<TrainingOptions, 'from'>,
  options: PolicyOptions,
): Promise<Taught> {
  const { data, ids, config, propensity, unit, responses } = teaching;
  const ensembles: Ensemble[] = [];
  for (const strength of widestChoice(data) === 1 ? [0] : options.strengths) {
    const ensemble = await trainEnsemble(teaching, strength, training, options);
    ensembles.push(ensemble);
    if (ensemble.advantage.errors < options.errorsToGoOn) break;
  }
  const choice = chooseStrength(ensembles, data, propensity, unit, training.random.fork('strength'));
  const chosen = ensembles.find(({ strength }) => strength === choice.strength)!;
  const trusted = ({ errors, weight }: Correction): number => (errors < options.errorsToTrust ? 0 : weight);
  const trust = { advantage: trusted(chosen.advantage), level: trusted(chosen.level) };
  const teacher =
    trust.advantage === 0 && trust.level === 0
      ? responses.mean
      : corrected(responses.mean, await predict(chosen.networks, config, ids, data), trust);
  return { teacher, choice, trust: trust.advantage, epochs: chosen.epochs };
}
