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
  STEEL,
  stroke,
  WOOD,
} from './paint.ts';

const POT = '#c07a52';

const nursery = (fill: string): string =>
  flat('M140 246h120l-14 74h-92z', fill) + flat(block(132, 234, 136, 22, 5), mix(fill, '#000000', 0.14));

/** Leaves fanned out from the pot's rim. */
function fan(count: number, length: number, width: number, spread: number, fill: string): string {
  return Array.from({ length: count }, (_, i) => {
    const turn = -spread + (2 * spread * i) / (count - 1);
    const colour = i % 2 === 0 ? fill : mix(fill, '#ffffff', 0.16);
    return leaf(200 + turn * 0.35, 240, length * (1 - 0.25 * Math.abs(turn / spread)), width, turn, colour);
  }).join('');
}

export function plant(p: Paint): string {
  const green = p.base;
  const flowers = (colour: string): string =>
    [-44, -26, -9, 9, 26, 44]
      .map(
        (turn) =>
          `<g transform="rotate(${turn} 200 240)">${stroke('M200 240V92', LEAF, 3)}<g fill="${colour}"><circle cx="200" cy="84" r="8"/><circle cx="195" cy="97" r="7"/><circle cx="205" cy="109" r="7"/><circle cx="198" cy="121" r="6"/></g></g>`,
      )
      .join('');
  const kinds = [
    fan(7, 170, 46, 68, green),
    fan(9, 178, 15, 26, green) + fan(5, 120, 14, 18, mix(green, '#e7d98a', 0.4)),
    [-60, -34, -10, 14, 38, 62]
      .map(
        (turn, i) =>
          `<g transform="rotate(${turn} 200 240)">${stroke('M200 240V130', mix(green, '#5b3c2e', 0.3), 4)}<circle cx="200" cy="118" r="${26 - (i % 3) * 4}" fill="${mix(green, '#ffffff', 0.1 * (i % 3))}"/></g>`,
      )
      .join(''),
    fan(7, 130, 30, 62, green) +
      stroke('M206 230q8 -80 20 -128', LEAF, 4) +
      leaf(226, 108, 54, 26, 14, '#fbf7ee') +
      oval(229, 92, 4, 16, '#e3c35c'),
    fan(6, 150, 34, 50, mix(green, '#274a33', 0.45)),
    fan(11, 130, 20, 95, green),
    fan(11, 140, 13, 60, green),
    fan(9, 200, 30, 44, green) +
      `<g transform="rotate(12 200 240)">${flat('M200 66l40 -22l-26 34zM204 70l46 2l-42 14z', '#e98a2b')}${flat('M198 72l34 18l-30 4z', '#4a63a8')}</g>`,
    flowers('#8f7cc0') + fan(9, 90, 8, 60, '#8f9f7c'),
    fan(13, 130, 7, 48, green) + fan(11, 96, 7, 66, mix(green, '#2f5641', 0.35)),
  ];
  return kinds[p.pick(10, 'row')] + nursery(p.pick(2) === 0 ? POT : '#e5dac7');
}

export const planter = (p: Paint): string =>
  fan(7, 120, 22, 58, LEAF) +
  p.form('M112 206h176l-22 104q-2 10 -14 10H148q-12 0 -14 -10z') +
  p.form(block(102, 186, 196, 32, 6), p.dark) +
  stroke('M138 230l10 66', '#ffffff', 7, ' stroke-opacity=".25"');

export function trowel(p: Paint): string {
  const steel = p.finish === 'wood' ? (lightish(p.base) ? STEEL : mix(p.base, STEEL, 0.35)) : p.base;
  const heads = [
    'M168 84q32 -40 64 0v70q-10 34 -32 38q-22 -4 -32 -38z',
    'M162 70l10 0v74h20V62h16v82h20V70h10v90q-16 28 -38 30q-22 -2 -38 -30z',
    'M170 78h60l-6 112h-48z',
    'M182 62q18 -22 36 0v92q-8 34 -18 36q-10 -2 -18 -36z',
    'M176 70q40 10 42 120h-26q0 -70 -16 -120z',
    'M186 190V110q14 -64 28 0v80z',
  ];
  return `<g transform="rotate(32 200 205)">${flat(heads[p.pick(6, 'row')]!, steel)}${stroke('M200 176V84', '#fff', 3, ' stroke-opacity=".4"')}${flat(block(192, 186, 16, 44, 4), mix(steel, '#000000', 0.2))}${flat(block(182, 226, 36, 112, 16), p.pick(2) === 0 ? WOOD : DARK_WOOD)}${stroke('M200 330q20 10 10 26', '#8a5a3a', 4)}</g>`;
}

const lightish = (hex: string): boolean => Number.parseInt(hex.slice(1, 3), 16) > 0x70;

export const wateringcan = (p: Paint): string =>
  stroke('M150 176q-84 -10 -76 58q8 42 64 42', p.dark, 12) +
  stroke('M146 172q50 -84 104 0', p.dark, 11) +
  flat('M252 276l92 -132l18 8l-78 168z', p.dark) +
  flat('M328 122l48 22l-8 16l-48 -22z', mix(p.dark, '#000000', 0.15)) +
  p.form('M130 176h140l14 130q1 14 -14 14H130q-15 0 -14 -14z') +
  oval(200, 176, 70, 15, p.deep);

export function seeds(p: Paint): string {
  const pictures = [
    leaf(200, 262, 88, 30, -26, LEAF) +
      leaf(200, 262, 88, 30, 26, LEAF) +
      leaf(200, 262, 100, 28, 0, mix(LEAF, '#ffffff', 0.15)),
    `<circle cx="178" cy="222" r="32" fill="${p.base}"/><circle cx="228" cy="234" r="27" fill="${mix(p.base, '#c23a2c', 0.35)}"/>` +
      leaf(178, 194, 34, 9, 20, LEAF),
    stroke('M200 270V206', p.base, 12) +
      leaf(200, 222, 84, 40, -14, LEAF) +
      leaf(200, 226, 70, 30, 24, mix(LEAF, '#ffffff', 0.2)),
    stroke('M186 270V226M214 270V226', CREAM, 18) +
      leaf(186, 236, 76, 34, -18, LEAF) +
      leaf(214, 236, 76, 34, 18, mix(LEAF, '#ffffff', 0.15)),
    petals(8, p.base, 34),
    `${petals(14, '#e2a72e', 30)}<circle cx="200" cy="214" r="20" fill="#5a3a22"/>`,
    `<g transform="translate(-30 18) scale(.75)">${petals(7, p.base, 34)}</g><g transform="translate(84 40) scale(.7)">${petals(6, '#d9695f', 34)}</g>`,
  ];
  return (
    '<g transform="rotate(-5 200 200)">' +
    flat(block(112, 70, 176, 252, 8), CREAM) +
    flat(block(112, 70, 176, 48, 8), p.base) +
    stroke('M140 94h120', CREAM, 5) +
    pictures[p.pick(7, 'row')] +
    stroke('M150 300h100', p.dark, 4) +
    '</g>'
  );
}

const petals = (count: number, fill: string, length: number): string =>
  stroke('M200 214V282', LEAF, 5) +
  Array.from({ length: count }, (_, i) => {
    const turn = (360 * i) / count;
    return `<ellipse cx="200" cy="${214 - length * 0.8}" rx="11" ry="${length * 0.62}" fill="${fill}" transform="rotate(${turn} 200 214)"/>`;
  }).join('') +
  '<circle cx="200" cy="214" r="11" fill="#e8c04d"/>';

export const soap = (p: Paint): string =>
  p.form('M84 216q0 -40 40 -40h152q40 0 40 40v56q0 40 -40 40H124q-40 0 -40 -40z', p.dark) +
  p.form('M84 206q0 -40 40 -40h152q40 0 40 40v40q0 40 -40 40H124q-40 0 -40 -40z') +
  flat(block(168, 166, 64, 146), CREAM, ' fill-opacity=".92"') +
  leaf(200, 250, 50, 15, -22, p.dark) +
  leaf(200, 250, 50, 15, 22, p.dark) +
  `<g fill="#ffffff" fill-opacity=".75"><circle cx="112" cy="128" r="15"/><circle cx="140" cy="108" r="9"/><circle cx="292" cy="136" r="11"/></g>`;

export function towel(p: Paint): string {
  const stripes = p.pick(3);
  return (
    p.form('M92 214q0 -22 22 -22h172q22 0 22 22v84q0 22 -22 22H114q-22 0 -22 -22z') +
    p.form('M100 142q0 -22 22 -22h156q22 0 22 22v56q-100 14 -200 0z', p.light) +
    Array.from({ length: stripes + 1 }, (_, i) =>
      stroke(`M94 ${278 + i * 13}h212`, i === 1 ? p.dark : mix(p.base, CREAM, 0.6), 5),
    ).join('') +
    stroke('M100 198q100 14 200 0', p.dark, 3, ' stroke-opacity=".45"')
  );
}

export function brush(p: Paint): string {
  const bristles = (x: number, y: number, w: number): string =>
    `<g stroke="#d9c39a" stroke-width="5" stroke-linecap="round">${Array.from({ length: Math.floor(w / 9) }, (_, i) => `<path d="M${x + i * 9} ${y}v${40 + ((i * 7) % 9)}"/>`).join('')}</g>`;
  const kinds = [
    bristles(70, 190, 118) +
      p.form('M60 150h128q14 8 14 24t-14 22H60q-14 -8 -14 -22t14 -24z') +
      p.form(block(192, 162, 164, 22, 11)),
    bristles(118, 214, 170) + p.form('M106 168h188q20 8 20 26t-20 26H106q-20 -8 -20 -26t20 -26z'),
    bristles(134, 216, 140) +
      p.form(ring(200, 190, 92, 42)) +
      stroke('M136 182q64 -40 128 0', p.dark, 9, ' stroke-opacity=".6"'),
    p.form(`${ring(200, 130, 54, 72)}${block(186, 190, 28, 144, 14)}`) +
      `<g fill="${CREAM}">${Array.from({ length: 15 }, (_, i) => `<circle cx="${176 + (i % 3) * 24}" cy="${92 + Math.floor(i / 3) * 20}" r="5"/>`).join('')}</g>`,
    `<g transform="rotate(24 200 200)">${bristles(166, 238, 76)}${p.form(ring(200, 224, 46, 30))}${p.form(block(190, 60, 20, 150, 10))}</g>`,
  ];
  return kinds[p.pick(5, 'row')]!;
}
