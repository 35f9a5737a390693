import {
  block,
  CREAM,
  DARK_WOOD,
  flat,
  LEAF,
  leaf,
  mix,
  oval,
  type Paint,
  ring,
  stroke,
  WOOD,
} from './paint.ts';

export const cushion = (p: Paint): string =>
  p.form('M88 110q112 18 224 0q-16 104 0 206q-112 -16 -224 0q16 -102 0 -206z') +
  stroke(
    'M88 110q112 18 224 0q-16 104 0 206q-112 -16 -224 0q16 -102 0 -206z',
    p.dark,
    5,
    ' stroke-opacity=".6"',
  ) +
  stroke('M128 150q30 14 40 40M276 282q-26 -10 -34 -34', p.dark, 4, ' stroke-opacity=".3"');

export const blanket = (p: Paint): string =>
  p.form('M84 206q0 -24 24 -24h184q24 0 24 24v96q0 18 -18 18H102q-18 0 -18 -18z') +
  p.form('M92 150q0 -22 24 -22h168q24 0 24 22v44q0 12 -12 12H104q-12 0 -12 -12z', p.light) +
  stroke('M92 206h216M86 262h228', p.dark, 4, ' stroke-opacity=".5"') +
  `<g stroke="${p.dark}" stroke-width="4" stroke-linecap="round">${Array.from({ length: 13 }, (_, i) => `<path d="M${100 + i * 17} 318v16"/>`).join('')}</g>`;

export function vase(p: Paint): string {
  const bodies = [
    'M176 132h48q-6 52 32 84q36 50 -10 104h-92q-46 -54 -10 -104q38 -32 32 -84z',
    'M150 150h100q-8 22 10 50q22 70 -18 120h-84q-40 -50 -18 -120q18 -28 10 -50z',
    'M168 146h64l6 30q62 76 -6 144h-64q-68 -68 -6 -144z',
  ];
  const stems = [
    stroke('M200 140q-6 -44 -34 -72M200 140q8 -50 36 -82M200 140V56', LEAF, 4) +
      `<g fill="${p.accent}"><circle cx="166" cy="64" r="13"/><circle cx="238" cy="54" r="13"/><circle cx="200" cy="48" r="15"/></g>`,
    stroke('M202 148q-4 -60 16 -104', '#7a5b40', 5) +
      leaf(208, 96, 40, 14, -60, LEAF) +
      leaf(212, 78, 40, 14, 55, LEAF) +
      leaf(217, 52, 36, 12, 8, LEAF),
    '',
  ];
  return (
    stems[p.pick(3, 'stems')] +
    p.form(bodies[p.pick(3)]!) +
    stroke('M162 244q-8 28 8 56', '#fff', 6, ' stroke-opacity=".35"')
  );
}

export function rug(p: Paint): string {
  const tassels = Array.from(
    { length: 15 },
    (_, i) => `<path d="M${92 + i * 15.4} 88v-16M${92 + i * 15.4} 318v16"/>`,
  );
  return (
    `<g stroke="${mix(p.base, CREAM, 0.5)}" stroke-width="4" stroke-linecap="round">${tassels.join('')}</g>` +
    p.form(block(84, 86, 232, 234)) +
    stroke(block(102, 104, 196, 198), mix(p.base, CREAM, 0.7), 7) +
    stroke('M200 132l58 71l-58 71l-58 -71z', mix(p.base, CREAM, 0.7), 5) +
    flat('M200 168l30 35l-30 35l-30 -35z', p.dark, ' fill-opacity=".7"')
  );
}

export function basket(p: Paint): string {
  const weave = Array.from({ length: 6 }, (_, row) =>
    stroke(
      `M${98 + row * 3} ${188 + row * 22}q14 -10 28 0t28 0t28 0t28 0t28 0t28 0t${28 - row * 2} 0`,
      p.dark,
      4,
      ' stroke-opacity=".6"',
    ),
  );
  return (
    stroke('M136 172q-16 -64 34 -66M264 172q16 -64 -34 -66', p.dark, 11) +
    p.form('M92 168h216l-22 134q-3 18 -22 18H136q-19 0 -22 -18z') +
    weave.join('') +
    oval(200, 168, 108, 22, p.dark) +
    oval(200, 172, 94, 15, p.deep)
  );
}

export function frame(p: Paint): string {
  const scenes = [
    flat('M112 226q44 -60 92 -10q40 -50 84 4v64H112z', p.base) +
      `<circle cx="246" cy="146" r="20" fill="${p.accent}"/>` +
      flat('M112 258q90 -46 176 0v26H112z', p.dark),
    flat('M112 214h176v70H112z', p.base) +
      flat('M146 210h52l-12 18h-30zM170 206v-58l-26 50zM216 226h44l-10 16h-26zM236 222v-46l22 40z', p.dark),
    flat(block(112, 100, 176, 184), p.dark) +
      `<circle cx="226" cy="150" r="30" fill="${CREAM}"/>` +
      flat('M112 284v-60l40 -34l40 34v60zM208 284v-44l34 -28l46 34v38z', p.deep),
    stroke('M200 278q-10 -90 34 -152', DARK_WOOD, 5) +
      leaf(204, 200, 60, 18, -52, LEAF) +
      leaf(212, 170, 56, 16, 60, LEAF) +
      oval(166, 216, 22, 17, p.base) +
      oval(238, 232, 22, 17, p.base),
  ];
  return (
    flat(block(92, 80, 216, 224), p.finish === 'wood' ? WOOD : p.dark) +
    flat(block(104, 92, 192, 200), CREAM) +
    scenes[p.pick(4)]
  );
}

export const clock = (p: Paint): string =>
  p.form(ring(200, 204, 124, 124)) +
  `<circle cx="200" cy="204" r="100" fill="${CREAM}"/>` +
  `<g stroke="#4a3d33" stroke-width="5" stroke-linecap="round">${Array.from({ length: 12 }, (_, i) => `<path d="M200 118v${i % 3 === 0 ? 14 : 6}" transform="rotate(${30 * i} 200 204)"/>`).join('')}</g>` +
  stroke('M200 204v-62', '#3b2f27', 7, ` transform="rotate(${30 * (1 + p.pick(10))} 200 204)"`) +
  stroke('M200 204v-84', '#3b2f27', 5, ` transform="rotate(${30 * p.pick(12, 'minute')} 200 204)"`) +
  `<circle cx="200" cy="204" r="8" fill="${p.accent}"/>`;

export function lamp(p: Paint): string {
  const bases = [
    'M200 214c34 12 52 44 46 76q-4 30 -46 30t-46 -30c-6 -32 12 -64 46 -76z',
    'M184 214h32l22 92q2 14 -12 14h-52q-14 0 -12 -14z',
    `${block(188, 210, 24, 92)}M140 304q60 -12 120 0v16H140z`,
  ];
  return (
    `<ellipse cx="200" cy="206" rx="150" ry="110" fill="#ffdf9c" fill-opacity=".35"/>` +
    p.form(bases[p.pick(3)]!) +
    flat('M148 92h104l38 124q-90 22 -180 0z', '#f7e5c3') +
    flat('M200 92h52l38 124q-44 11 -90 11z', '#e6c893', ' fill-opacity=".5"') +
    stroke('M148 92h104M110 216q90 22 180 0', '#d3b078', 4)
  );
}

export function pendant(p: Paint): string {
  const shades = [
    'M166 150h68q76 34 84 112H82q8 -78 84 -112z',
    'M180 150h40l96 96q8 16 -12 16H96q-20 0 -12 -16z',
    'M92 206q0 -60 108 -62q108 2 108 62q0 58 -108 60q-108 -2 -108 -60z',
  ];
  const at = p.finish === 'paper' || p.finish === 'wood' ? 2 : p.pick(2);
  return (
    stroke('M200 0v136', '#4b4038', 4) +
    `<path d="M96 262h208l54 120H42z" fill="#ffe3a6" fill-opacity=".35"/>` +
    flat(block(186, 130, 28, 24, 5), mix(p.dark, '#000000', 0.25)) +
    p.form(shades[at]!) +
    (at === 2
      ? stroke(
          'M96 186q104 22 208 0M92 212q108 22 216 0M102 240q98 20 196 0',
          p.dark,
          2.5,
          ' stroke-opacity=".5"',
        )
      : oval(200, 262, 112, 13, '#fff0cd'))
  );
}

export function lantern(p: Paint): string {
  if (p.finish === 'paper' || p.finish === 'wood')
    return (
      stroke('M200 44v44M200 306v34', DARK_WOOD, 5) +
      `<ellipse cx="200" cy="196" rx="150" ry="140" fill="#ffd98f" fill-opacity=".3"/>` +
      p.form('M152 92h96q84 104 0 210h-96q-84 -106 0 -210z') +
      stroke('M152 92q-40 104 0 210M248 92q40 104 0 210M200 92v210', p.light, 2.5, ' stroke-opacity=".7"') +
      flat(`${block(148, 82, 104, 14, 5)}${block(148, 298, 104, 14, 5)}`, DARK_WOOD)
    );
  return (
    stroke('M152 116q48 -96 96 0', p.dark, 7) +
    `<ellipse cx="200" cy="216" rx="140" ry="120" fill="#ffd98f" fill-opacity=".35"/>` +
    p.form('M136 138l28 -26h72l28 26z') +
    flat(block(146, 138, 108, 158), '#fdf0cf', ' fill-opacity=".75"') +
    p.form(`${block(136, 138, 14, 160)}${block(250, 138, 14, 160)}${block(126, 294, 148, 26, 5)}`) +
    flat(block(180, 228, 40, 66, 4), CREAM) +
    flat('M200 184c16 20 14 36 0 40c-14 -4 -16 -20 0 -40z', '#f0932b')
  );
}
