/** Files of the public data sets that are read in place, where they are there at all. */

import { join } from 'node:path';

export const realData = (path: string): string => join(process.env.PROMO_EDGE_DATA ?? '../shared/data', path);
