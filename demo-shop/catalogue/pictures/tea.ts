import {
  block,
  CREAM,
  DARK_WOOD,
  flat,
  leaf,
  mix,
  oval,
  type Paint,
  ring,
  STEEL,
  stroke,
  WOOD,
} from './paint.ts';

export function teatin(p: Paint): string {
  const marks = [
    leaf(188, 246, 52, 20, -24, p.base) + leaf(206, 246, 60, 20, 22, p.base),
    `<circle cx="198" cy="218" r="22" fill="${p.base}"/>`,
    `<g fill="${p.base}"><circle cx="198" cy="200" r="11"/><circle cx="182" cy="216" r="11"/><circle cx="214" cy="216" r="11"/><circle cx="198" cy="230" r="11"/></g>`,
    stroke('M168 236l20 -34l14 22l12 -16l16 28', p.base, 5),
  ];
  return (
    p.form('M118 130h160v172q0 18 -18 18H136q-18 0 -18 -18z') +
    oval(198, 130, 80, 16, p.dark) +
    p.form('M118 98h160v32q-80 30 -160 0z', p.dark) +
    oval(198, 98, 80, 16, p.light) +
    flat(block(136, 178, 124, 106, 6), CREAM) +
    marks[p.pick(4)] +
    stroke('M160 262h76M174 273h48', p.dark, 3)
  );
}

export function teapot(p: Paint): string {
  const round = p.pick(2) === 0;
  const body = round
    ? 'M104 230q0 -72 92 -74q92 2 92 74q0 60 -46 86h-92q-46 -26 -46 -86z'
    : 'M112 176q84 -24 168 0q16 74 -8 128q-76 28 -152 0q-24 -54 -8 -128z';
  return (
    flat('M276 212q44 -4 56 -46l20 4q-4 72 -68 92z', p.base) +
    stroke('M110 196q-66 -14 -58 44q8 40 62 44', p.finish === 'glaze' ? p.dark : DARK_WOOD, 13) +
    p.form(body) +
    p.form('M150 160q46 -34 92 0z', p.dark) +
    `<circle cx="196" cy="134" r="12" fill="${p.finish === 'glass' ? WOOD : p.dark}"/>` +
    stroke('M132 214q4 -30 26 -40', '#ffffff', 6, ' stroke-opacity=".35"')
  );
}

export const gaiwan = (p: Paint): string =>
  p.form(`${ring(200, 300, 104, 22)}`, p.dark) +
  p.form('M116 186h168q-2 84 -58 108h-52q-56 -24 -58 -108z') +
  oval(200, 186, 84, 20, p.light) +
  p.form('M130 180q10 -42 70 -44q60 2 70 44q-70 26 -140 0z') +
  flat(block(180, 122, 40, 18, 7), p.dark) +
  stroke('M140 208q4 42 28 66', '#ffffff', 6, ' stroke-opacity=".4"');

export function infuser(p: Paint): string {
  const kinds = [
    stroke('M128 178h-34M272 178h34', p.dark, 12) +
      p.form('M128 172h144l-18 124q-2 16 -20 16h-68q-18 0 -20 -16z') +
      `<g fill="${p.deep}" fill-opacity=".45">${holes(148, 200, 5, 4)}</g>`,
    stroke('M200 76q26 22 4 52', p.dark, 4, ' stroke-dasharray="7 5"') +
      p.form(ring(200, 220, 84, 90)) +
      flat(block(112, 212, 176, 16, 8), p.dark) +
      `<g fill="${p.deep}" fill-opacity=".5">${holes(152, 162, 5, 2)}${holes(152, 254, 5, 2)}</g>`,
    p.form(block(180, 74, 40, 90, 14)) +
      `<g stroke="${p.base}" stroke-width="6" stroke-linecap="round">${[-4, -3, -2, -1, 0, 1, 2, 3, 4].map((i) => `<path d="M${200 + 4 * i} 164L${200 + 19 * i} 306"/>`).join('')}</g>` +
      stroke('M170 190q30 10 60 0', p.dark, 5),
    `<g transform="rotate(-32 200 200)">${p.form('M96 176h110v46H96q-26 -23 0 -46z')}${p.form(block(200, 188, 136, 22, 11))}</g>`,
  ];
  // Basket, whisk, ball, scoop, strainer: in the family's order.
  return kinds[[0, 2, 1, 3, 0][p.pick(5, 'row')]!]!;
}

const holes = (x: number, y: number, columns: number, rows: number): string =>
  Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return `<circle cx="${x + 26 * column}" cy="${y + 24 * row}" r="5"/>`;
  }).join('');

export const kettle = (p: Paint): string =>
  stroke('M266 244q42 -4 44 -70q2 -34 34 -36', p.dark, 15) +
  stroke('M266 244q42 -4 44 -70q2 -34 34 -36', p.base, 10) +
  stroke('M134 182q-20 -100 66 -102q86 2 66 102', mix(STEEL, '#000000', 0.3), 8) +
  stroke('M158 92q42 -24 84 0', DARK_WOOD, 17) +
  p.form('M136 184h128q32 62 22 136H114q-10 -74 22 -136z') +
  p.form('M148 184q52 -30 104 0z', p.dark) +
  `<circle cx="200" cy="162" r="10" fill="${DARK_WOOD}"/>` +
  stroke('M140 216q-10 40 -6 86', '#ffffff', 7, ' stroke-opacity=".35"');
