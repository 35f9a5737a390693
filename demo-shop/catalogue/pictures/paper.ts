import { block, CREAM, DARK_WOOD, flat, LEAF, leaf, mix, type Paint, stroke, WOOD } from './paint.ts';

export const notebook = (p: Paint): string =>
  flat(block(122, 82, 172, 240, 8), mix(p.base, '#000000', 0.35)) +
  flat(block(118, 80, 168, 236, 6), CREAM) +
  p.form(block(106, 76, 176, 240, 8)) +
  flat(block(106, 76, 26, 240, 8), p.dark) +
  flat(block(164, 122, 84, 46, 4), CREAM) +
  stroke('M176 140h60M184 152h44', p.dark, 3) +
  stroke('M256 76v264', p.accent, 6);

export function pen(p: Paint): string {
  const many = p.pick(7, 'row') === 4;
  if (many)
    return [0, 1, 2, 3, 4, 5]
      .map((i) => {
        const colour = mix(
          p.base,
          ['#8b3a5a', '#2c3e5c', '#2f5641', '#a64b2a', '#d8c6a5', '#3b3a3a'][i]!,
          0.55,
        );
        return (
          flat(block(104 + i * 33, 130, 25, 186, 3), colour) +
          flat(`M${104 + i * 33} 130l12.5 -44l12.5 44z`, '#e6cfa4') +
          flat(`M${112 + i * 33} 103l4.5 -17l4.5 17z`, '#3a322c')
        );
      })
      .join('');
  const tip = [
    flat('M184 274l16 62l16 -62z', '#d9c27a') + stroke('M200 296v36', '#6b5a2a', 2),
    flat('M186 274l14 50l14 -50z', mix(p.dark, '#000000', 0.2)),
    flat('M188 274q12 80 24 0z', '#2b2622'),
  ];
  return `<g transform="rotate(40 200 200)">${p.form(block(180, 60, 40, 108, 14))}${flat(block(178, 162, 44, 12, 2), '#c9ad63')}${p.form('M182 174h36l-3 102h-30z', p.dark)}${tip[p.pick(3)]}${stroke('M214 78v62', '#c9ad63', 6)}</g>`;
}

export function cards(p: Paint): string {
  const art = [
    leaf(210, 236, 66, 20, -24, p.base) + leaf(210, 236, 74, 20, 18, LEAF),
    `<path d="M210 242l-38 -38a24 24 0 0 1 38 -28a24 24 0 0 1 38 28z" fill="${p.base}"/>`,
    `<g stroke="${p.base}" stroke-width="6" stroke-linecap="round">${[0, 60, 120].map((turn) => `<path d="M210 160v96" transform="rotate(${turn} 210 208)"/>`).join('')}</g>`,
    stroke('M210 148v16M210 252v20', p.dark, 5) +
      flat('M184 166h52q30 42 0 84h-52q-30 -42 0 -84z', p.base) +
      stroke('M210 166v84', '#f2c56a', 4),
    flat('M210 164l40 44l-40 44l-40 -44z', p.base),
    `<g fill="${p.base}"><circle cx="184" cy="180" r="13"/><circle cx="236" cy="180" r="13"/><circle cx="184" cy="236" r="13"/><circle cx="236" cy="236" r="13"/><circle cx="210" cy="208" r="13"/></g>`,
  ];
  return (
    `<g transform="rotate(-10 190 210)">${flat(block(96, 104, 170, 210, 9), p.dark)}</g>` +
    `<g transform="rotate(4 200 210)">${flat(block(124, 98, 172, 218, 9), CREAM)}${stroke(block(136, 110, 148, 194, 6), p.base, 3)}${art[p.pick(6, 'row')]}</g>`
  );
}

/** A hand of cards, but for dominoes and dice, which are the family's third and fifth. */
export function pocketgame(p: Paint): string {
  const pips = (x: number, y: number, count: number): string =>
    Array.from(
      { length: count },
      (_, i) => `<circle cx="${x + 24 * (i % 2)}" cy="${y + 24 * Math.floor(i / 2)}" r="7" fill="${CREAM}"/>`,
    ).join('');
  const row = p.pick(5, 'row');
  if (row === 2)
    return [-16, 14]
      .map(
        (turn, i) =>
          `<g transform="translate(${96 + i * 96} ${96 + i * 18}) rotate(${turn} 52 104)">${p.form(block(0, 0, 104, 208, 14))}${stroke('M14 104h76', CREAM, 4)}${pips(40, 28, 4 - i)}${pips(40, 134, 3 + i)}</g>`,
      )
      .join('');
  if (row === 4)
    return [0, 1, 2]
      .map(
        (i) =>
          `<g transform="translate(${88 + i * 78} ${i === 1 ? 148 : 216}) rotate(${i * 11 - 8} 50 50)">${p.form(block(0, 0, 96, 96, 18))}${pips(36, 24, 2 * i + 2)}</g>`,
      )
      .join('');
  const suit = row === 3 ? '' : flat('M0 -34l26 34l-26 34l-26 -34z', p.base);
  const question =
    row === 3 ? stroke('M-18 -22q0 -22 20 -22q20 0 20 20q0 14 -20 22v12M2 32v1', p.base, 9) : '';
  return [-26, -2, 22]
    .map(
      (turn) =>
        `<g transform="rotate(${turn} 200 330)">${p.form(block(140, 92, 120, 178, 11))}${flat(block(147, 99, 106, 164, 7), CREAM)}<g transform="translate(200 181)">${suit}${question}</g></g>`,
    )
    .join('');
}

export function boardgame(p: Paint): string {
  const cells = Array.from({ length: 16 }, (_, i) => {
    const [column, row] = [i % 4, Math.floor(i / 4)];
    return (column + row) % 2 === 0 ? flat(block(110 + column * 34, 128 + row * 34, 34, 34), p.dark) : '';
  }).join('');
  const grid = stroke(
    Array.from({ length: 6 }, (_, i) => `M${114 + i * 26} 132v130M114 ${132 + i * 26}h130`).join(''),
    '#3a2a1c',
    2,
  );
  const points = Array.from({ length: 6 }, (_, i) =>
    flat(`M${110 + i * 23} 128h22l-11 60zM${110 + i * 23} 264h22l-11 -60z`, i % 2 === 0 ? p.dark : p.accent),
  ).join('');
  const pits = Array.from(
    { length: 8 },
    (_, i) =>
      `<ellipse cx="${126 + (i % 4) * 35}" cy="${164 + Math.floor(i / 4) * 64}" rx="14" ry="20" fill="${p.deep}"/>`,
  ).join('');
  const route =
    stroke('M116 244q30 -70 60 -30t68 -66', CREAM, 5, ' stroke-dasharray="9 8"') +
    flat('M176 190l20 -34l20 34z', p.dark);
  const boards = [grid, cells, grid, route, route, points, pits];
  const row = p.pick(7, 'row');
  const stones = row === 0 || row === 2 ? ['#2b2622', '#f7f1e6'] : [p.base, CREAM];
  const pieces = stones.map(
    (fill, i) =>
      `<ellipse cx="${286 + i * 32}" cy="${286 + i * 14}" rx="20" ry="13" fill="${mix(fill, '#000000', 0.3)}"/><ellipse cx="${286 + i * 32}" cy="${279 + i * 14}" rx="20" ry="13" fill="${fill}"/>`,
  );
  return (
    p.form(block(92, 110, 172, 172, 6), mix(p.base, WOOD, 0.5)) +
    flat(block(106, 124, 144, 144), mix(p.base, CREAM, 0.6)) +
    boards[row] +
    pieces.join('')
  );
}

export function puzzle(p: Paint): string {
  const piece =
    'M0 0h34q-8 -22 10 -24q18 2 10 24h34v34q22 -8 24 10q-2 18 -24 10v34H54q8 -22 -10 -24q-18 2 -10 24H0V54q22 8 24 -10q-2 -18 -24 -10z';
  const fills = [p.base, p.accent, p.light, p.dark];
  const order = p.pick(4);
  return [
    [100, 100, 0],
    [196, 116, 4],
    [104, 204, -3],
    [212, 224, 11],
  ]
    .map(
      ([x, y, turn], i) =>
        `<g transform="translate(${x} ${y}) rotate(${turn})"><path d="${piece}" fill="${fills[(i + order) % 4]}" stroke="#fffaf0" stroke-width="3"/></g>`,
    )
    .join('');
}

export const candle = (p: Paint): string =>
  `<ellipse cx="200" cy="140" rx="110" ry="96" fill="#ffd98f" fill-opacity=".35"/>` +
  flat(
    'M122 158h156v140q0 22 -22 22H144q-22 0 -22 -22z',
    mix(p.base, '#ffffff', 0.25),
    ' fill-opacity=".9"',
  ) +
  flat('M134 178h132v116q0 14 -14 14H148q-14 0 -14 -14z', CREAM) +
  flat(block(156, 210, 88, 66, 4), p.base) +
  stroke('M172 232h56M180 248h40', CREAM, 4) +
  `<ellipse cx="200" cy="158" rx="78" ry="14" fill="${p.light}"/>` +
  stroke('M200 160v-22', '#4a3a2c', 4) +
  flat('M200 88c22 28 18 46 0 50c-18 -4 -22 -22 0 -50z', '#f0932b') +
  flat('M200 112c9 12 8 20 0 22c-8 -2 -9 -10 0 -22z', '#ffe4a3');

export function diffuser(p: Paint): string {
  const row = p.pick(6, 'row');
  if (row === 5)
    return (
      p.form(block(96, 276, 208, 36, 8), DARK_WOOD) +
      stroke('M140 276L262 96', '#6b4a34', 6) +
      stroke('M262 96q-20 -22 0 -40q20 -16 4 -34', '#ffffff', 6, ' stroke-opacity=".7"')
    );
  const label = flat(block(158, 232, 84, 52, 3), CREAM) + stroke('M172 250h56M180 264h40', p.dark, 3);
  if (row === 2 || row === 4)
    return (
      p.form(block(146, 170, 108, 150, 16)) +
      flat(block(178, 128, 44, 44, 4), CREAM) +
      flat('M172 96h64v32h-64zM154 104h20v12h-20z', p.dark) +
      label
    );
  return (
    stroke('M196 170L158 56M200 170V44M204 170l40 -112M198 170l-66 -96', WOOD, 5) +
    p.form('M176 164h48v26q40 12 40 44v66q0 20 -20 20h-88q-20 0 -20 -20v-66q0 -32 40 -44z') +
    flat(block(170, 154, 60, 18, 4), DARK_WOOD) +
    label
  );
}
