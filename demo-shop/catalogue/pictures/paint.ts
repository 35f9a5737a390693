/** Colours, surfaces and strokes that every picture is painted with. The sheet is 400 by 400; things stand on y = 320. */

export type Finish = 'glaze' | 'wood' | 'metal' | 'glass' | 'cloth' | 'paper' | 'stone';

export interface Paint {
  /** The product's colour, and shades of it. */
  base: string;
  light: string;
  dark: string;
  deep: string;
  /** A warm or cool partner that stands out against it. */
  accent: string;
  finish: Finish;
  /** 0.85 to 1.1: how large the thing is among its kind. */
  scale: number;
  /** A whole number below `n`, fixed for this product and purpose. */
  pick(n: number, purpose?: string): number;
  /** A surface of the product: colour, its pattern, and light from the left. */
  form(d: string, fill?: string): string;
}

export const WOOD = '#b98a5c';
export const DARK_WOOD = '#7a5237';
export const STEEL = '#a9b0b4';
export const CREAM = '#f5ecdc';
export const LEAF = '#5f8a55';

/** A plain surface. */
export const flat = (d: string, fill: string, more = ''): string => `<path d="${d}" fill="${fill}"${more}/>`;

/** A stroke without surface. */
export const stroke = (d: string, colour: string, width: number, more = ''): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${more}/>`;

export const oval = (x: number, y: number, rx: number, ry: number, fill: string, more = ''): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"${more}/>`;

/** A rectangle as a path, with rounded corners. */
export function block(x: number, y: number, w: number, h: number, r = 0): string {
  if (r === 0) return `M${x} ${y}h${w}v${h}h${-w}z`;
  const [a, b] = [w - 2 * r, h - 2 * r];
  return `M${x + r} ${y}h${a}q${r} 0 ${r} ${r}v${b}q0 ${r} ${-r} ${r}h${-a}q${-r} 0 ${-r} ${-r}v${-b}q0 ${-r} ${r} ${-r}z`;
}

/** An ellipse as a path. */
export const ring = (x: number, y: number, rx: number, ry: number): string =>
  `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;

/** A pointed leaf from (x, y), `length` long, turned by `degrees` from upright. */
export const leaf = (
  x: number,
  y: number,
  length: number,
  width: number,
  degrees: number,
  fill: string,
): string =>
  `<g transform="translate(${x} ${y}) rotate(${degrees})"><path d="M0 0C${-width} ${-length * 0.35} ${-width * 0.7} ${-length * 0.8} 0 ${-length}C${width * 0.7} ${-length * 0.8} ${width} ${-length * 0.35} 0 0z" fill="${fill}"/><path d="M0 0V${-length * 0.85}" stroke="#fff" stroke-opacity=".25" stroke-width="1.5"/></g>`;

/** Between two colours; `share` 0 gives `from`, 1 gives `to`. */
export function mix(from: string, to: string, share: number): string {
  const channel = (hex: string, i: number): number => Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(from, i) * (1 - share) + channel(to, i) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Perceived lightness, 0 to 1. */
export function lightness(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
  return 0.3 * r! + 0.59 * g! + 0.11 * b!;
}
