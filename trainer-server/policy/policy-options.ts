/** Every hyperparameter of policy training. */

export interface PolicyOptions {
  /** Teachers are trained on all visitors but one fold's, which stops them early and judges them. */
  folds: number;
  /** Strengths of the conservative penalty that compete, by doubly robust value on the left-out folds. */
  strengths: readonly number[];
  /** Most passes over the log. */
  epochs: number;
  /** Passes without a better left-out loss after which a teacher has finished. */
  patience: number;
  /** Standard errors by which left-out visitors must speak for corrections: to pass over the log again, to use them. */
  errorsToGoOn: number;
  errorsToTrust: number;
  batch: number;
  /** Steps between two judgements on the left-out fold, at least: small logs are passed over several times. */
  leastSteps: number;
  /** Steps of the student, at least. */
  studentLeastSteps: number;
  learningRate: number;
  /** AdamW's decoupled decay. */
  weightDecay: number;
  dropout: number;
  /** Probability, per batch, that a promotion's own id is hidden, so that its terms carry what they can. */
  forget: number;
  /** Huber's delta in standard deviations of the reward. Purchases are rare and large: a small delta would learn the
   * median, which is nothing, where the mean is wanted. */
  delta: number;
  /** Worth of the next decision's outcome against this one's. */
  discount: number;
  /**
   * The same to the networks, by bootstrapped n-step targets; 0 has them correct what is earned at once, and leaves what
   * comes later to `long-run.ts`. Their own values of later states share the bias that is told there: with 0.99 the
   * share of the oracle on discount-trained, seed 101, was 55.7 %.
   */
  networkDiscount: number;
  /** Decisions whose rewards are summed before the target network takes over. */
  steps: number;
  /** Share of the old value that the averaged parameters keep at each reading, every `averageEvery` steps. */
  average: number;
  averageEvery: number;
  /** Passes of the student over the teachers' values. */
  studentEpochs: number;
  studentLearningRate: number;
  /** Below this mean Kullback-Leibler divergence (nats) from uniform logging there is no behaviour to clone. */
  cloneAbove: number;
}

export const POLICY_OPTIONS: PolicyOptions = {
  folds: 3,
  strengths: [0.02, 0.3],
  epochs: 3,
  patience: 2,
  errorsToGoOn: 1,
  errorsToTrust: 2,
  batch: 256,
  leastSteps: 50,
  studentLeastSteps: 1000,
  learningRate: 1e-3,
  weightDecay: 0.05,
  dropout: 0.1,
  forget: 0.1,
  delta: 12,
  discount: 0.99,
  networkDiscount: 0,
  steps: 3,
  average: 0.8,
  averageEvery: 10,
  studentEpochs: 6,
  studentLearningRate: 4e-3,
  cloneAbove: 0.05,
};
