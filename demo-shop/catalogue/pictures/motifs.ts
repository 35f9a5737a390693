/** The pattern of each design line, so that things of one line look it. */

import { mix } from './paint.ts';

type Motif = (ink: string, pale: string) => string;

const tile = (w: number, h: number, content: string, turn = 0): string =>
  `<pattern id="m" width="${w}" height="${h}" patternUnits="userSpaceOnUse"${turn === 0 ? '' : ` patternTransform="rotate(${turn})"`}>${content}</pattern>`;

const MOTIFS: Readonly<Record<string, Motif>> = {
  harbour: (_, pale) => tile(40, 56, `<path d="M0 40h40" stroke="${pale}" stroke-width="5"/>`),
  moss: (ink) =>
    tile(
      26,
      26,
      `<circle cx="6" cy="7" r="2.6" fill="${ink}"/><circle cx="19" cy="19" r="1.8" fill="${ink}"/>`,
    ),
  fennel: (_, pale) => tile(14, 40, `<path d="M7 0v40" stroke="${pale}" stroke-width="1.6"/>`),
  ember: (ink) => tile(400, 400, `<path d="M0 262q50 -14 100 0t100 0t100 0t100 0v138H0z" fill="${ink}"/>`),
  tide: (_, pale) =>
    tile(48, 26, `<path d="M0 13q12 -12 24 0t24 0" fill="none" stroke="${pale}" stroke-width="2.4"/>`),
  meadow: (_, pale) =>
    tile(
      52,
      52,
      `<g fill="${pale}"><circle cx="14" cy="9" r="4"/><circle cx="9" cy="16" r="4"/><circle cx="19" cy="16" r="4"/><circle cx="41" cy="36" r="3"/><circle cx="37" cy="42" r="3"/><circle cx="45" cy="42" r="3"/></g>`,
    ),
  dusk: (ink) => tile(18, 18, `<path d="M0 9h18" stroke="${ink}" stroke-width="1.2"/>`),
  orchard: (_, pale) =>
    tile(
      44,
      44,
      `<circle cx="12" cy="12" r="6" fill="${pale}"/><circle cx="34" cy="34" r="6" fill="${pale}"/>`,
    ),
  heron: (ink) =>
    tile(
      80,
      64,
      `<path d="M12 22q8 -10 16 0M28 22q8 -10 16 0" fill="none" stroke="${ink}" stroke-width="2"/>`,
    ),
  willow: (_, pale) =>
    tile(
      34,
      44,
      `<path d="M17 2c-8 8 -8 16 0 22c8 -6 8 -14 0 -22zM17 24v18" fill="none" stroke="${pale}" stroke-width="1.8"/>`,
    ),
  juniper: (_, pale) => tile(30, 30, `<path d="M0 15h30M15 0v30" stroke="${pale}" stroke-width="1.6"/>`, 45),
  pebble: (ink) =>
    tile(
      46,
      42,
      `<g fill="${ink}"><circle cx="8" cy="9" r="1.6"/><circle cx="27" cy="5" r="1.1"/><circle cx="38" cy="21" r="1.7"/><circle cx="16" cy="28" r="1.2"/><circle cx="30" cy="36" r="1.5"/></g>`,
    ),
};

const GRAIN = `<pattern id="m" width="120" height="46" patternUnits="userSpaceOnUse" patternTransform="rotate(-4)"><path d="M0 8q30 -8 60 0t60 0M0 23q30 7 60 0t60 0M0 38q30 -5 60 0t60 0" fill="none" stroke="#3a2413" stroke-opacity=".22" stroke-width="1.6"/></pattern>`;

/** The pattern with id `m`, or nothing where the surface is plain. */
export function motifOf(line: string | undefined, base: string, finish: string): string | undefined {
  if (finish === 'wood') return GRAIN;
  if (line === undefined || finish === 'metal' || finish === 'glass') return undefined;
  return MOTIFS[line]?.(mix(base, '#241a12', 0.28), mix(base, '#fffaf0', 0.45));
}
