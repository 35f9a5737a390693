/** Every report, in the order in which `promo-edge report --help` lists them. */

import { report as experiment } from '../evaluate/experiment-report.ts';
import { report as placements } from '../evaluate/placement-report.ts';
import { report as rollout } from '../evaluate/rollout-report.ts';
import { report as parity } from '../law/parity-report.ts';
import { report as uplift } from '../uplift/report.ts';
import type { Report } from './report.ts';

export const REPORTS: readonly Report[] = [uplift, experiment, rollout, placements, parity];
