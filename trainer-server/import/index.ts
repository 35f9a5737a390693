/** Every import format, in the order in which --help lists them. To add one: a file beside this, a line here. */

import { feedback } from './feedback.ts';
import type { Importer } from './importer.ts';
import { jsonl } from './jsonl.ts';
import { onlineRetail } from './online-retail.ts';

export const IMPORTERS: readonly Importer[] = [jsonl, onlineRetail, feedback];
