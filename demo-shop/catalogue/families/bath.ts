import type { Both, Family } from '../family.ts';

const BATH: Both = ['Bath', '浴室'];

export const bath: readonly Family[] = [
  {
    code: 'TWL',
    shape: 'towel',
    path: [BATH, ['Towels', '毛巾']],
    brands: ['saltmarsh', 'loom'],
    costShare: 0.44,
    title: ['{name} towel in {colour} {material}, {size}', '{name}系列{colour}{material}毛巾 {size}'],
    lead: [
      'A {colour} towel in {material}, {size}, thirsty from the first wash.',
      '{colour}{material}毛巾，{size}，初洗即吸水。',
    ],
    details: [
      ['A loop on the long side, where it dries best.', '长边挂环，晾干更快。'],
      ['600 g to the square metre: heavy, not stiff.', '每平方米 600 克，厚实不硬。'],
      ['Dyed in the yarn, so it fades evenly or not at all.', '纱线染色，不易褪色。'],
    ],
    rows: [
      ['tide', 'sky', 'cotton', '50 × 100 cm', 18],
      ['tide', 'sky', 'cotton', '70 × 140 cm', 32],
      ['pebble', 'oat', 'cotton', '50 × 100 cm', 18],
      ['pebble', 'oat', 'cotton', '70 × 140 cm', 32, 38],
      ['moss', 'sage', 'cotton', '100 × 150 cm', 44],
      ['ember', 'terracotta', 'cotton', '70 × 140 cm', 32],
      ['juniper', 'ink', 'linen', '70 × 130 cm', 42],
      ['heron', 'mist', 'linen', '50 × 90 cm', 26],
    ],
  },
  {
    code: 'SOP',
    shape: 'soap',
    path: [BATH, ['Soap & care', '香皂护理']],
    brands: ['wren'],
    costShare: 0.3,
    title: ['{name} soap, {size}', '{name}手工皂 {size}'],
    lead: [
      'Cold-process soap with {material}, cured for six weeks; {size}.',
      '冷制手工皂，{material}，晾皂六周，{size}。',
    ],
    details: [
      ['Wrapped in paper, with no plastic anywhere.', '纸张包装，全程无塑。'],
      ['Mild enough for a face, honest enough for a gardener.', '洗脸够温和，洗泥手也干净。'],
      ['Keep it dry between uses, and it lasts two months.', '用后沥干，可用两个月。'],
    ],
    rows: [
      ['Oatmeal and honey|燕麦蜂蜜', 'oat', 'oats and raw honey|燕麦与生蜂蜜', '110 g', 7.5],
      ['Rosemary and clay|迷迭香陶泥', 'sage', 'green clay and rosemary|绿泥与迷迭香', '110 g', 7.5],
      [
        'Charcoal and tea tree|竹炭茶树',
        'charcoal',
        'bamboo charcoal and tea tree oil|竹炭与茶树精油',
        '110 g',
        8,
      ],
      ['Rose and goat milk|玫瑰羊奶', 'rose', 'goat milk and rose geranium|羊奶与玫瑰天竺葵', '110 g', 8.5],
      ['Sea salt|海盐', 'sky', 'Atlantic salt and seaweed|大西洋海盐与海藻', '120 g', 8],
      ["Gardener's scrub|园丁磨砂", 'moss', 'ground olive stones and lemon|橄榄核粉与柠檬', '130 g', 9, 10.5],
      ['Green tea|绿茶', 'lime', 'longjing leaves and camellia oil|龙井茶末与山茶油', '110 g', 8.5],
    ],
  },
  {
    code: 'BRS',
    shape: 'brush',
    path: [BATH, ['Brushes', '刷具']],
    brands: ['wren', 'nordvik'],
    costShare: 0.36,
    title: ['{name} in {material}, {size}', '{material}{name} {size}'],
    lead: [
      'Plant bristles set in {material}, {size}, in a workshop that makes nothing else.',
      '植物鬃毛植入{material}刷身，{size}，出自专做刷子的作坊。',
    ],
    details: [
      ['Hang it with the bristles down and it lasts for years.', '鬃毛朝下悬挂，可用多年。'],
      ['Firm for the first week, then exactly right.', '头一周偏硬，之后刚刚好。'],
    ],
    rows: [
      ['Bath brush|沐浴刷', 'oak', 'beech', '42 cm', 22],
      ['Nail brush|指甲刷', 'oak', 'oak', '9 cm', 9],
      ['Dry body brush|干刷', 'walnut', 'walnut', '13 cm', 19, 22],
      ['Hair brush|木梳刷', 'honey', 'bamboo', '22 cm', 24],
      ['Dish brush|洗碗刷', 'sand', 'beech', '24 cm', 8.5],
    ],
  },
];
