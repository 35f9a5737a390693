/** Pictures of the shop itself: its sign, the lane at dusk, an empty basket. */

import { flat, oval, stroke } from './paint.ts';

export const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 1.5v4M16 26.5v4" stroke="#c8682f" stroke-width="2" stroke-linecap="round"/><path d="M10.500 8h11c4.500 5 4.500 11.500 0 16.500h-11c-4.500-5-4.500-11.500 0-16.500z" fill="#d9692f"/><path d="M13.200 8c-2.300 5-2.300 11.500 0 16.500M18.800 8c2.300 5 2.300 11.500 0 16.500" fill="none" stroke="#f7cf93" stroke-width="1.300"/><rect x="9.500" y="5" width="13" height="3.200" rx="1.400" fill="#7d4a22"/><rect x="9.500" y="24.200" width="13" height="3.200" rx="1.400" fill="#7d4a22"/></svg>';

export const EMPTY =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160"><circle cx="80" cy="80" r="74" fill="#f0a45d" fill-opacity=".16"/><path d="M48 74q-2 -40 32 -42q34 2 32 42" fill="none" stroke="#b9714a" stroke-width="6"/><path d="M34 72h92l-10 50q-2 8 -10 8H54q-8 0 -10 -8z" fill="#c9935f"/><path d="M40 86q10 -7 20 0t20 0t20 0t20 0M43 102q9 -7 18 0t19 0t19 0t18 0" fill="none" stroke="#8a5a33" stroke-width="3.500"/></svg>';

const house = (x: number, w: number, h: number, fill: string, lit: readonly number[]): string => {
  const top = 470 - h;
  const windows = lit.map((at) => {
    const [column, row] = [at % 3, Math.floor(at / 3)];
    const [wx, wy] = [x + 22 + column * ((w - 44) / 3), top + 34 + row * 74];
    return `<rect x="${wx}" y="${wy}" width="${(w - 44) / 3 - 14}" height="44" rx="3" fill="#f7c777"/><path d="M${wx} ${wy + 22}h${(w - 44) / 3 - 14}" stroke="${fill}" stroke-width="3"/>`;
  });
  return `<path d="M${x - 12} ${top}L${x + w / 2} ${top - 64}L${x + w + 12} ${top}z" fill="#1d1728"/>${flat(`M${x} ${top}h${w}v${h}h${-w}z`, fill)}${windows.join('')}`;
};

const lamp = (x: number, y: number, size: number): string =>
  `<circle cx="${x}" cy="${y}" r="${size * 3.2}" fill="url(#glow)"/><path d="M${x} ${y - size * 1.5}v${size * 0.5}" stroke="#5a3b22" stroke-width="3"/><path d="M${x - size * 0.5} ${y - size}h${size}c${size * 0.75} ${size * 0.6} ${size * 0.75} ${size * 1.4} 0 ${size * 2}h${-size}c${-size * 0.75} ${-size * 0.6} ${-size * 0.75} ${-size * 1.4} 0 ${-size * 2}z" fill="#f08a3c"/><path d="M${x} ${y - size}v${size * 2}" stroke="#ffd48a" stroke-width="2.500"/>`;

/** The lane at dusk, 1200 by 560, with room for words on the left. */
export const LANE = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 560"><defs>',
  '<linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#231d3a"/><stop offset=".6" stop-color="#6b3f56"/><stop offset="1" stop-color="#d98458"/></linearGradient>',
  '<radialGradient id="glow"><stop offset="0" stop-color="#ffcf85" stop-opacity=".75"/><stop offset="1" stop-color="#ffcf85" stop-opacity="0"/></radialGradient>',
  '<linearGradient id="veil"><stop offset="0" stop-color="#1c1629" stop-opacity=".94"/><stop offset=".3" stop-color="#1c1629" stop-opacity=".78"/><stop offset=".6" stop-color="#1c1629" stop-opacity="0"/></linearGradient></defs>',
  flat('M0 0h1200v560H0z', 'url(#sky)'),
  oval(1010, 96, 44, 44, '#ffe9c4', ' fill-opacity=".9"'),
  '<g fill="#fff3d6"><circle cx="640" cy="60" r="2"/><circle cx="720" cy="110" r="1.500"/><circle cx="820" cy="50" r="2"/><circle cx="560" cy="130" r="1.500"/><circle cx="900" cy="140" r="1.500"/><circle cx="1130" cy="60" r="2"/></g>',
  flat('M0 400q160 -90 320 -30t320 -40t320 20t240 -30v240H0z', '#43304a'),
  house(60, 170, 190, '#3a2a40', [1, 4]),
  house(262, 150, 240, '#33253b', [0, 5]),
  house(470, 180, 210, '#3d2b41', [0, 2, 4]),
  house(690, 200, 290, '#2f2338', [1, 3, 5, 6]),
  house(930, 220, 230, '#38283f', [0, 1, 4]),
  flat('M0 468h1200v92H0z', '#2a2033'),
  flat('M420 560q120 -80 360 -92h160q-80 30 -40 92z', '#7d5546', ' fill-opacity=".5"'),
  '<path d="M956 470v-112q54 -34 108 0v112z" fill="#f4b968"/><path d="M1010 346v124M956 410h108" stroke="#38283f" stroke-width="5"/>',
  stroke('M420 150q200 130 420 40t400 60', '#18121f', 3),
  lamp(500, 226, 22),
  lamp(620, 262, 26),
  lamp(760, 250, 22),
  lamp(890, 216, 28),
  lamp(1060, 228, 24),
  lamp(914, 420, 16),
  lamp(1106, 420, 16),
  flat('M0 0h1200v560H0z', 'url(#veil)'),
  '</svg>',
].join('');
