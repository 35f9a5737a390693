import type { Family } from '../family.ts';
import { bath } from './bath.ts';
import { games } from './games.ts';
import { garden } from './garden.ts';
import { home } from './home.ts';
import { kitchen } from './kitchen.ts';
import { lighting } from './lighting.ts';
import { scent } from './scent.ts';
import { stationery } from './stationery.ts';
import { table } from './table.ts';
import { tea } from './tea.ts';
import { travel } from './travel.ts';

/** In the order of the shop's navigation. Append only: skus count along it. */
export const FAMILIES: readonly Family[] = [
  ...tea,
  ...table,
  ...kitchen,
  ...home,
  ...lighting,
  ...garden,
  ...stationery,
  ...travel,
  ...scent,
  ...games,
  ...bath,
];
