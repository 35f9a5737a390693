import { block, CREAM, DARK_WOOD, flat, mix, type Paint, stroke } from './paint.ts';

const STRAP = '#8a5a3a';

export const backpack = (p: Paint): string =>
  stroke('M170 92q30 -50 60 0', p.dark, 11) +
  stroke('M110 178q-28 62 -2 128M290 178q28 62 2 128', p.dark, 17) +
  p.form('M112 168q0 -82 88 -84q88 2 88 84v126q0 26 -26 26H138q-26 0 -26 -26z') +
  p.form('M112 178q88 34 176 0v34q-88 34 -176 0z', p.dark) +
  p.form(block(136, 232, 128, 74, 14), p.light) +
  flat(`${block(160, 200, 14, 58, 4)}${block(226, 200, 14, 58, 4)}`, STRAP) +
  flat(`${block(158, 244, 18, 12, 2)}${block(224, 244, 18, 12, 2)}`, '#d5b666');

export const tote = (p: Paint): string =>
  stroke('M150 170q-6 -104 50 -106q56 2 50 106', p.finish === 'cloth' ? p.dark : STRAP, 11) +
  p.form('M104 160h192l18 142q2 18 -18 18H104q-20 0 -18 -18z') +
  flat(block(140, 154, 22, 46, 3), p.finish === 'cloth' ? p.dark : STRAP) +
  flat(block(238, 154, 22, 46, 3), p.finish === 'cloth' ? p.dark : STRAP) +
  flat(block(176, 236, 48, 34, 3), CREAM, ' fill-opacity=".85"') +
  stroke('M186 254h28', p.dark, 3);

export const weekender = (p: Paint): string =>
  stroke('M138 196q0 -98 62 -98t62 98', STRAP, 12) +
  p.form('M74 190q4 -26 32 -26h188q28 0 32 26l8 96q2 34 -32 34H98q-34 0 -32 -34z') +
  flat(`${block(122, 164, 26, 156)}${block(252, 164, 26, 156)}`, STRAP) +
  stroke('M106 180h188', mix(p.dark, '#000000', 0.2), 5) +
  flat(block(170, 226, 60, 40, 4), p.dark, ' fill-opacity=".7"');

export function pouch(p: Paint): string {
  const kinds = [
    p.form('M78 188q0 -28 28 -28h188q28 0 28 28v98q0 34 -34 34H112q-34 0 -34 -34z') +
      stroke('M84 186h232', '#d5b666', 5) +
      flat(block(306, 180, 26, 12, 5), STRAP),
    p.form(block(98, 120, 204, 196, 18)) +
      stroke('M116 146h168', p.light, 4, ' stroke-dasharray="6 6"') +
      flat(block(168, 188, 64, 48, 5), p.dark, ' fill-opacity=".6"'),
    p.form(block(112, 132, 76, 180, 36)) +
      p.form(block(176, 140, 116, 164, 6), p.light) +
      stroke('M196 160v124M220 160v124M244 160v124M268 160v124', p.dark, 4) +
      stroke('M112 222h76', STRAP, 9),
    p.form(block(122, 88, 156, 232, 12)) +
      stroke(block(134, 100, 132, 208, 8), p.light, 3, ' stroke-dasharray="6 6"') +
      `<circle cx="200" cy="186" r="32" fill="none" stroke="#d5b666" stroke-width="5"/>` +
      stroke('M168 186h64M200 154q-22 32 0 64q22 -32 0 -64M160 246h80', '#d5b666', 4),
    p.form(block(88, 226, 224, 94, 12)) +
      p.form(block(108, 150, 184, 76, 12), p.light) +
      p.form(block(136, 92, 128, 58, 12), p.dark) +
      stroke('M104 246h192M124 168h152M150 108h100', '#efe3cf', 4),
    p.form('M130 140h140l24 166q-94 28 -188 0z') +
      stroke('M126 146q74 22 148 0', p.dark, 9) +
      stroke('M196 152q-26 40 -10 74M204 152q22 36 12 62', STRAP, 5),
  ];
  return kinds[[0, 0, 1, 2, 3, 4, 5][p.pick(7, 'row')]!]!;
}

export const bottle = (p: Paint): string =>
  flat(block(172, 64, 56, 52, 8), p.finish === 'metal' ? '#4f4a45' : DARK_WOOD) +
  stroke('M182 78h36', '#ffffff', 3, ' stroke-opacity=".3"') +
  p.form('M166 116h68q28 20 28 62v120q0 22 -22 22h-80q-22 0 -22 -22V178q0 -42 28 -62z') +
  stroke('M158 186v104', '#ffffff', 9, ' stroke-opacity=".3"') +
  stroke('M184 240h32M190 254h20', mix(p.base, '#ffffff', 0.6), 4);

export function umbrella(p: Paint): string {
  const folded = p.pick(2) === 0;
  if (folded)
    return `<g transform="rotate(22 200 200)">${p.form('M200 60q34 90 26 200h-52q-8 -110 26 -200z')}${flat(block(172, 226, 56, 20, 4), p.dark)}${stroke('M200 260v56q0 24 -24 22', DARK_WOOD, 11)}</g>`;
  return (
    stroke('M200 78v222q0 30 -28 28q-20 -4 -18 -24', DARK_WOOD, 9) +
    p.form(
      'M56 208q8 -122 144 -128q136 6 144 128q-18 -22 -36 -22t-36 22q-18 -22 -36 -22t-36 22q-18 -22 -36 -22t-36 22q-18 -22 -36 -22t-36 22z',
    ) +
    stroke('M200 82q-50 40 -56 122M200 82q50 40 56 122M200 82v120', p.dark, 3, ' stroke-opacity=".6"')
  );
}
