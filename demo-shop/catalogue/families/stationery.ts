import type { Both, Family } from '../family.ts';

const PAPER: Both = ['Stationery', '文具'];

export const stationery: readonly Family[] = [
  {
    code: 'NBK',
    shape: 'notebook',
    path: [PAPER, ['Notebooks', '笔记本']],
    brands: ['quill', 'papier'],
    costShare: 0.36,
    title: ['{name} notebook, {colour}, {material}, {size}', '{name}系列{colour}笔记本 {material} {size}'],
    lead: [
      'A {size} notebook with {material} of 100 g paper that ink does not cross, sewn to lie flat.',
      '{size}笔记本，{material}，100 克纸不洇墨，锁线可平摊。',
    ],
    details: [
      ['Numbered, with an index at the front.', '页码齐全，前有目录。'],
      ['A pocket in the back holds tickets.', '封底口袋可收票根。'],
      ['Bound in cloth, with a ribbon for the page you left.', '布面装帧，附书签丝带。'],
    ],
    rows: [
      ['juniper', 'ink', 'dotted pages|点阵内页', 'A5', 16],
      ['moss', 'forest', 'ruled pages|横线内页', 'A5', 16],
      ['ember', 'rust', 'plain pages|空白内页', 'A5', 16],
      ['meadow', 'mustard', 'squared pages|方格内页', 'A6', 11],
      ['orchard', 'rose', 'dotted pages|点阵内页', 'A6', 11],
      ['dusk', 'charcoal', 'plain pages|空白内页', 'A4', 24, 28],
      ['tide', 'sky', 'ruled pages|横线内页', 'B5', 19],
      ['fennel', 'celadon', 'ruled pages|横线内页', 'A6', 11],
      ['dusk', 'plum', 'a week on two pages|一周双页', 'A5', 21, 25],
    ],
  },
  {
    code: 'PNS',
    shape: 'pen',
    path: [PAPER, ['Pens & pencils', '书写工具']],
    brands: ['quill'],
    costShare: 0.4,
    title: ['{name}, {colour} {material}, {size}', '{colour}{material}{name} {size}'],
    lead: [
      'In {colour} {material}, {size}: weighted so that it writes by itself.',
      '{colour}{material}，{size}，配重得当，下笔即走。',
    ],
    details: [
      ['Takes standard refills, so it need never be thrown away.', '通用替芯，用不着丢。'],
      ['Comes in a slim tin.', '附细长铁盒。'],
      ['Engraved free of charge, up to twenty letters.', '可免费刻字，最多二十个字符。'],
    ],
    rows: [
      ['Fountain pen|钢笔', 'ink', 'brass', 'fine nib|细尖', 42],
      ['Fountain pen|钢笔', 'forest', 'brass', 'medium nib|中尖', 42],
      ['Rollerball|宝珠笔', 'brass', 'brass', '0.5 mm', 28],
      ['Ballpoint|圆珠笔', 'copper', 'copper', '0.7 mm', 24, 28],
      ['Pencils|铅笔', 'mustard', 'beech', 'box of 6|六支盒装', 9],
      ['Brush pen|秀丽笔', 'charcoal', 'bamboo', 'soft tip|软头', 12],
      ['Mechanical pencil|自动铅笔', 'walnut', 'walnut', '0.7 mm', 26],
    ],
  },
  {
    code: 'CRD',
    shape: 'cards',
    path: [PAPER, ['Cards & wrapping', '贺卡与包装']],
    brands: ['papier'],
    costShare: 0.3,
    title: ['{name}, {size}', '{name} {size}'],
    lead: [
      'Letterpress on thick cotton paper, {size}, with {material}.',
      '厚棉纸凸版印刷，{size}，{material}。',
    ],
    details: [
      ['Blank inside, for your own words.', '内页空白，留给你的话。'],
      ['Printed with vegetable ink.', '植物油墨印制。'],
    ],
    rows: [
      ['Birthday cards|生日贺卡', 'berry', 'kraft envelopes|附牛皮纸信封', 'set of 5|五张装', 14],
      ['Thank-you cards|感谢卡', 'sage', 'kraft envelopes|附牛皮纸信封', 'set of 8|八张装', 18],
      ['Winter cards|冬日贺卡', 'ink', 'white envelopes|附白色信封', 'set of 10|十张装', 21, 25],
      ['Lunar New Year cards|新春贺卡', 'brick', 'red envelopes|附红包封', 'set of 6|六张装', 16],
      ['Botanical postcards|植物明信片', 'forest', 'a folding box|附折叠盒', 'set of 12|十二张装', 12],
      ['Wrapping paper, Dusk|暮色包装纸', 'plum', 'matching tags|附同款吊牌', '3 sheets|三张装', 9],
    ],
  },
];
