import { block, CREAM, DARK_WOOD, flat, mix, oval, type Paint, ring, STEEL, stroke, WOOD } from './paint.ts';

export const mug = (p: Paint): string =>
  stroke('M262 190c58 -8 62 84 -4 84', p.dark, 20) +
  stroke('M262 190c58 -8 62 84 -4 84', p.base, 13) +
  p.form('M122 150h150l-8 146q-3 24 -30 24h-74q-27 0 -30 -24z') +
  oval(197, 150, 75, 17, p.light) +
  oval(197, 153, 65, 12, p.deep);

export const plate = (p: Paint): string =>
  p.form(ring(200, 205, 138, 138)) +
  `<circle cx="200" cy="205" r="96" fill="${p.light}" fill-opacity=".75"/>` +
  `<circle cx="200" cy="205" r="96" fill="none" stroke="${p.dark}" stroke-opacity=".35" stroke-width="3"/>` +
  stroke('M118 150q30 -48 84 -56', '#ffffff', 6, ' stroke-opacity=".35"');

export const bowl = (p: Paint): string =>
  p.form('M78 190h244q-4 104 -86 122h-72q-82 -18 -86 -122z') +
  p.form('M160 306h80l8 16h-96z', p.dark) +
  oval(200, 190, 122, 30, p.light) +
  oval(200, 195, 108, 23, p.deep);

export function tumbler(p: Paint): string {
  const glass = (x: number, y: number): string =>
    flat(`M${x} ${y}h92l-9 128q-1 12 -14 12h-46q-13 0 -14 -12z`, p.base, ' fill-opacity=".5"') +
    flat(`M${x + 4} ${y + 54}h84l-5 72q-1 10 -12 10h-50q-11 0 -12 -10z`, p.dark, ' fill-opacity=".4"') +
    oval(x + 46, y, 46, 11, p.light, ' fill-opacity=".8"') +
    stroke(`M${x + 15} ${y + 18}l5 88`, '#ffffff', 5, ' stroke-opacity=".6"');
  return glass(154, 148) + glass(84, 180) + (p.pick(2) === 0 ? glass(222, 180) : '');
}

export const napkin = (p: Paint): string =>
  p.form('M96 132l170 -22l44 160l-176 40z', p.dark) +
  p.form('M86 148l176 -10l30 158l-182 22z') +
  stroke('M100 164l152 -9l25 128l-154 18z', p.light, 3, ' stroke-dasharray="2 7"') +
  stroke('M178 146q-8 60 14 160', p.dark, 2, ' stroke-opacity=".4"');

export const tray = (p: Paint): string =>
  p.finish === 'metal'
    ? p.form(ring(200, 215, 142, 100)) +
      stroke('M200 215m-118 0a118 80 0 1 0 236 0a118 80 0 1 0 -236 0', p.light, 3)
    : p.form(block(56, 138, 288, 160, 22)) +
      flat(block(78, 158, 244, 120, 12), mix(p.base, '#ffffff', 0.2), ' fill-opacity=".6"') +
      flat(`${block(64, 196, 10, 44, 5)}${block(326, 196, 10, 44, 5)}`, p.deep);

export const pot = (p: Paint): string =>
  stroke('M76 214q-32 -4 -30 26q2 18 32 16M324 214q32 -4 30 26q-2 18 -32 16', p.dark, 13) +
  p.form('M76 190h248v98q0 32 -32 32H108q-32 0 -32 -32z') +
  p.form('M68 190q6 -42 132 -44q126 2 132 44z', p.dark) +
  flat(block(182, 122, 36, 26, 10), p.finish === 'metal' ? STEEL : mix(p.deep, '#000000', 0.2)) +
  stroke('M96 208v70', '#ffffff', 6, ' stroke-opacity=".25"');

export const board = (p: Paint): string =>
  `<g transform="rotate(${-8 + 4 * p.pick(5)} 200 215)">` +
  p.form(`${block(104, 128, 192, 190, 22)}${block(174, 66, 52, 82, 24)}`) +
  `<circle cx="200" cy="92" r="11" fill="#f3ebdf"/>` +
  (p.pick(2, 'groove') === 0
    ? stroke(block(122, 148, 156, 152, 14), p.deep, 4, ' stroke-opacity=".45"')
    : '') +
  '</g>';

export function knife(p: Paint): string {
  const blades = [
    'M196 196V84q0 -22 -34 -14q-14 60 0 126z',
    'M196 196V104q-2 -14 -30 -4v96z',
    'M196 196V72q-20 -10 -36 0v124z',
    'M198 196V76h-66v120z',
    'M200 196V62q-34 18 -38 134z',
  ];
  // Chef's, cook's, paring, bread, cleaver, santoku: in the family's order.
  const blade = blades[[0, 0, 1, 2, 3, 4][p.pick(6, 'row')]!]!;
  return (
    '<g transform="rotate(38 200 200)">' +
    flat(blade, STEEL) +
    stroke('M172 190q-8 -50 0 -98', '#ffffff', 3, ' stroke-opacity=".7"') +
    flat(block(160, 196, 42, 16, 3), '#7d8488') +
    p.form(block(164, 212, 36, 126, 14)) +
    '<circle cx="182" cy="240" r="4" fill="#e9e2d4"/><circle cx="182" cy="286" r="4" fill="#e9e2d4"/></g>'
  );
}

export function spoon(p: Paint): string {
  const heads = [
    ring(200, 110, 40, 56),
    block(166, 62, 68, 100, 12),
    'M160 70h80q10 60 -24 92h-32q-34 -32 -24 -92z',
    `${ring(200, 104, 28, 44)}M176 90h48v4h-48zM174 108h52v4h-52z`,
  ];
  // Spoon, spatula, ladle, servers, paddle, dipper, jam spoon: in the family's order.
  const head = heads[[0, 1, 0, 0, 2, 3, 0][p.pick(7, 'row')]!]!;
  return `<g transform="rotate(${18 + 6 * p.pick(4, 'turn')} 200 200)">${p.form(block(190, 140, 20, 196, 10))}${p.form(head)}</g>`;
}

export const jar = (p: Paint): string =>
  p.form('M112 154h176q14 8 14 30v108q0 28 -28 28H126q-28 0 -28 -28V184q0 -22 14 -30z') +
  (p.finish === 'glass'
    ? flat(block(112, 214, 176, 94, 18), mix(WOOD, CREAM, 0.45), ' fill-opacity=".85"')
    : '') +
  flat(block(108, 122, 184, 34, 9), WOOD) +
  stroke('M118 134h164', '#fff', 3, ' stroke-opacity=".25"') +
  flat(block(166, 220, 68, 42, 5), CREAM) +
  stroke('M180 236h40M186 248h28', DARK_WOOD, 2);

export const apron = (p: Paint): string =>
  stroke('M160 96q40 -56 80 0', p.dark, 7) +
  p.form('M156 94h88l8 74q44 12 52 46l6 106q-110 20 -220 0l6 -106q8 -34 52 -46z') +
  flat(block(146, 222, 108, 62, 8), p.dark, ' fill-opacity=".55"') +
  stroke('M96 214l-36 20M304 214l36 20', p.dark, 6) +
  stroke('M150 226h100', p.light, 2, ' stroke-dasharray="5 4"');
