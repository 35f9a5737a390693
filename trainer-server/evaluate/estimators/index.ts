/** Every estimator, in the order in which `evaluate` prints them. To add one: a file beside this, a line here. */

import { clippedIps } from './clipped-ips.ts';
import { direct } from './direct.ts';
import { doublyRobust } from './doubly-robust.ts';
import type { Estimator } from './estimator.ts';
import { ips } from './ips.ts';
import { snips } from './snips.ts';

export const ESTIMATORS: readonly Estimator[] = [ips, clippedIps, snips, direct, doublyRobust];
