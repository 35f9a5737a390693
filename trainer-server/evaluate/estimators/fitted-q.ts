/** Fitted Q evaluation (Le, Voloshin and Yue 2019, arXiv 1903.08738): the modelled return from each first decision. */

import { type Estimator, meanOf } from './estimator.ts';

export const fittedQ: Estimator = {
  name: 'fqe',
  refusal: ({ sequence }) => (sequence === undefined ? 'no Q function was fitted for it' : undefined),
  contributions: ({ count, sequence }) =>
    meanOf(count, (i) => (sequence!.previous[i]! < 0 ? sequence!.direct[i]! : 0)),
};
