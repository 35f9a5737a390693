import type { Both, Family } from '../family.ts';

const SCENT: Both = ['Candles & scent', '香氛'];

export const scent: readonly Family[] = [
  {
    code: 'CDL',
    shape: 'candle',
    path: [SCENT, ['Candles', '蜡烛']],
    brands: ['hearth'],
    costShare: 0.34,
    title: ['{name} candle, {size}', '{name}香氛蜡烛 {size}'],
    lead: [
      'Soy wax poured by hand and scented with {material}; {size}.',
      '手工浇注大豆蜡，{material}香调，{size}。',
    ],
    details: [
      [
        'Trim the wick to half a centimetre, and it burns clean to the end.',
        '烛芯剪至半厘米，燃烧干净到底。',
      ],
      ['The glass serves as a tumbler afterwards.', '燃尽后玻璃杯可作水杯。'],
      ['Fills a room in a quarter of an hour.', '一刻钟满室留香。'],
    ],
    rows: [
      ['Fig garden|无花果园', 'moss', 'fig leaf and cedar|无花果叶与雪松', '45 h', 29],
      ['Rain on slate|雨落石板', 'slate', 'vetiver and wet stone|香根草与湿石', '45 h', 29],
      ['Orange peel|橙皮', 'terracotta', 'bitter orange and clove|苦橙与丁香', '30 h', 22],
      ['Library|图书馆', 'walnut', 'leather, vanilla and old paper|皮革、香草与旧纸', '45 h', 29, 34],
      ['Osmanthus|桂花', 'honey', 'osmanthus and green tea|桂花与绿茶', '45 h', 32],
      ['Linen line|晾衣绳', 'chalk', 'cotton and white musk|棉布与白麝香', '30 h', 22],
      ['Winter forest|冬日森林', 'forest', 'pine, fir and smoke|松、冷杉与烟', '60 h', 38],
      ['Rose hip|野蔷薇果', 'rose', 'rose and black pepper|玫瑰与黑胡椒', '45 h', 29],
    ],
  },
  {
    code: 'DIF',
    shape: 'diffuser',
    path: [SCENT, ['Diffusers & incense', '扩香与线香']],
    brands: ['hearth', 'yunhe'],
    costShare: 0.36,
    title: ['{name}, {size}', '{name} {size}'],
    lead: ['{name}, {size}: {material}.', '{name}，{size}：{material}。'],
    details: [
      ['Blended in small batches and dated on the base.', '小批量调制，瓶底标注日期。'],
      ['Made without colouring or phthalates.', '不含色素与邻苯二甲酸酯。'],
    ],
    rows: [
      [
        'Fig reed diffuser|无花果藤条香薰',
        'moss',
        'rattan reeds in scented oil|藤条配无花果精油',
        '100 ml',
        34,
      ],
      [
        'Cedar reed diffuser|雪松藤条香薰',
        'walnut',
        'rattan reeds in cedarwood oil|藤条配雪松精油',
        '100 ml',
        34,
      ],
      ['Bergamot room spray|佛手柑空间喷雾', 'lime', 'two sprays are enough|喷两下就够', '100 ml', 19],
      [
        'Osmanthus reed diffuser|桂花藤条香薰',
        'honey',
        'rattan reeds in osmanthus oil|藤条配桂花精油',
        '150 ml',
        42,
        48,
      ],
      [
        'Lavender pillow mist|薰衣草枕头喷雾',
        'lilac',
        'for ten minutes before sleep|睡前十分钟使用',
        '75 ml',
        17,
      ],
      [
        'Sandalwood incense|檀香线香',
        'sand',
        'forty sticks in a wooden box|四十支木盒装',
        '40 sticks|40 支',
        16,
      ],
    ],
  },
];
