import type { Both, Family } from '../family.ts';

const LIGHT: Both = ['Lighting', '灯饰'];

export const lighting: readonly Family[] = [
  {
    code: 'LMP',
    care: false,
    shape: 'lamp',
    path: [LIGHT, ['Table lamps', '台灯']],
    brands: ['bright', 'kiln'],
    costShare: 0.5,
    title: ['{name} table lamp, {colour} {material}, {size}', '{name}系列{colour}{material}台灯 {size}'],
    lead: [
      'A table lamp {size} tall on a {material} base, with a linen shade that warms the light.',
      '高{size}的台灯，{material}灯座，亚麻灯罩，光线温暖。',
    ],
    details: [
      ['Dims by a touch on the base.', '轻触灯座即可调光。'],
      ['Takes a standard E27 bulb; a warm LED is included.', '通用 E27 灯头，附暖光 LED 灯泡。'],
      ['Two metres of cloth-covered cable, switch at the hand.', '两米编织线，手边开关。'],
    ],
    rows: [
      ['harbour', 'sea', 'stoneware', '42 cm', 89],
      ['pebble', 'oat', 'stoneware', '36 cm', 76],
      ['ember', 'terracotta', 'earthenware', '40 cm', 82, 96],
      ['dusk', 'brass', 'brass', '48 cm', 119],
      ['willow', 'oak', 'oak', '45 cm', 94],
      ['moss', 'forest', 'enamel', '38 cm', 69],
      ['orchard', 'blush', 'stoneware', '34 cm', 72],
      ['dusk', 'amber', 'glass', '32 cm', 79, 92],
    ],
  },
  {
    code: 'PEN',
    care: false,
    shape: 'pendant',
    path: [LIGHT, ['Pendants', '吊灯']],
    brands: ['bright'],
    costShare: 0.5,
    title: ['{name} pendant in {colour} {material}, {size}', '{name}系列{colour}{material}吊灯 {size}'],
    lead: [
      'A pendant shade {size} across in {material}, to hang low over a table.',
      '直径{size}的{material}吊灯，低悬餐桌之上。',
    ],
    details: [
      ['White inside, so the light falls where it should.', '内壁白色，光落在该落的地方。'],
      ['The cable shortens by a simple knot.', '线长打个结就能调。'],
      ['Casts a pool, not a glare.', '一汪光，不刺眼。'],
    ],
    rows: [
      ['heron', 'chalk', 'enamel', '32 cm', 68],
      ['moss', 'forest', 'enamel', '32 cm', 68],
      ['tide', 'ink', 'enamel', '40 cm', 84, 98],
      ['ember', 'copper', 'copper', '28 cm', 112],
      ['willow', 'honey', 'rattan', '45 cm', 92],
      ['pebble', 'oat', 'paper', '50 cm', 39],
      ['meadow', 'mustard', 'enamel', '24 cm', 52],
    ],
  },
  {
    code: 'LAN',
    care: false,
    shape: 'lantern',
    path: [LIGHT, ['Lanterns', '灯笼提灯']],
    brands: ['lane', 'bright'],
    costShare: 0.42,
    title: ['{name} lantern in {colour} {material}, {size}', '{name}系列{colour}{material}提灯 {size}'],
    lead: [
      'A lantern of {size} in {material}, for the doorstep, the table or the end of the garden.',
      '{size}{material}提灯，门口、桌上、花园尽头皆宜。',
    ],
    details: [
      ['Made for the rechargeable light: no flame to mind.', '搭配充电灯芯，无需明火。'],
      ['A ring at the top hangs it from a branch or a beam.', '顶部吊环，可挂树枝或横梁。'],
      ['The lamp we are named after.', '小店因它得名。'],
    ],
    rows: [
      ['ember', 'brick', 'paper', '30 cm', 22],
      ['orchard', 'blush', 'paper', '35 cm', 24],
      ['dusk', 'charcoal', 'steel', '28 cm', 46],
      ['harbour', 'sea', 'zinc', '32 cm', 42],
      ['ember', 'brass', 'brass', '26 cm', 64, 75],
      ['willow', 'honey', 'bamboo', '34 cm', 38],
    ],
  },
];
