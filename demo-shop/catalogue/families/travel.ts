import type { Both, Family } from '../family.ts';

const TRAVEL: Both = ['Travel', '出行'];
const BAGS: Both = ['Bags', '包袋'];

export const travel: readonly Family[] = [
  {
    code: 'BPK',
    shape: 'backpack',
    path: [TRAVEL, BAGS, ['Backpacks', '双肩包']],
    brands: ['tallis'],
    costShare: 0.48,
    title: ['{name} backpack in {colour} {material}, {size}', '{name}系列{colour}{material}双肩包 {size}'],
    lead: [
      'A {size} backpack in {material}, {colour}, with a padded sleeve for a 14-inch laptop.',
      '{size}{colour}{material}双肩包，内设 14 寸电脑隔层。',
    ],
    details: [
      ['Opens wide at the top, so nothing hides at the bottom.', '顶部大开口，底下的东西也找得到。'],
      ['Fits under the seat in front.', '可放前排座椅下。'],
      ['Straps are sewn into the seam, and meant to stay there.', '肩带缝入包身，久用不脱。'],
    ],
    rows: [
      ['juniper', 'ink', 'canvas', '18 l', 98],
      ['moss', 'forest', 'canvas', '22 l', 112],
      ['ember', 'rust', 'canvas', '18 l', 98, 118],
      ['dusk', 'charcoal', 'nylon', '20 l', 79],
      ['pebble', 'mist', 'nylon', '16 l', 69],
      ['orchard', 'walnut', 'leather', '15 l', 189],
    ],
  },
  {
    code: 'TOT',
    shape: 'tote',
    path: [TRAVEL, BAGS, ['Totes', '托特包']],
    brands: ['tallis', 'lane'],
    costShare: 0.42,
    title: ['{name} tote in {colour} {material}, {size}', '{name}系列{colour}{material}托特包 {size}'],
    lead: [
      'A {colour} tote in {material}, {size}, with handles long enough for a winter coat.',
      '{colour}{material}托特包，{size}，加长提手，厚外套也能上肩。',
    ],
    details: [
      ['A pocket inside for keys, another for a phone.', '内有钥匙袋与手机袋。'],
      ['Carries a market and folds to a paperback.', '装得下一趟菜场，折起来如一本书。'],
      ['A magnet keeps it closed on the tram.', '磁扣开合，坐电车也放心。'],
    ],
    rows: [
      ['pebble', 'oat', 'cotton', '14 l', 24],
      ['meadow', 'mustard', 'cotton', '14 l', 24],
      ['tide', 'sea', 'canvas', '18 l', 58],
      ['moss', 'moss', 'canvas', '18 l', 58, 68],
      ['orchard', 'walnut', 'leather', '12 l', 149],
      ['dusk', 'charcoal', 'nylon', '20 l', 39],
    ],
  },
  {
    code: 'WKD',
    shape: 'weekender',
    path: [TRAVEL, BAGS, ['Weekend bags', '旅行袋']],
    brands: ['tallis'],
    costShare: 0.5,
    title: ['{name} weekend bag in {colour} {material}, {size}', '{name}系列{colour}{material}旅行袋 {size}'],
    lead: [
      'A {size} weekend bag in {material}: two nights, one pair of shoes, one good book.',
      '{size}{material}旅行袋：两晚、一双鞋、一本好书。',
    ],
    details: [
      ['A separate pocket for shoes at the end.', '一端设独立鞋仓。'],
      ['Slides over the handle of a trolley.', '可套在拉杆箱上。'],
    ],
    rows: [
      ['juniper', 'ink', 'canvas', '34 l', 148],
      ['ember', 'rust', 'canvas', '40 l', 168, 198],
      ['moss', 'forest', 'canvas', '34 l', 148],
      ['orchard', 'walnut', 'leather', '36 l', 289],
    ],
  },
  {
    code: 'PCH',
    shape: 'pouch',
    path: [TRAVEL, ['Travel accessories', '旅行配件']],
    brands: ['tallis', 'lane'],
    costShare: 0.38,
    title: ['{name} in {colour} {material}, {size}', '{colour}{material}{name} {size}'],
    lead: [
      'In {colour} {material}, {size}: everything small in one place.',
      '{colour}{material}，{size}，零碎物件归一处。',
    ],
    details: [
      ['Stitched twice wherever it takes the strain.', '受力处双线缝合。'],
      ['Lined in a lighter cloth, so you see what is in it.', '浅色内衬，里面有什么一目了然。'],
      ['Slips into any bag of ours.', '放进本店任何一款包都合适。'],
    ],
    rows: [
      ['Wash bag|洗漱包', 'ink', 'canvas', '24 cm', 36],
      ['Wash bag|洗漱包', 'rose', 'cotton', '22 cm', 22],
      ['Cable pouch|数据线收纳包', 'charcoal', 'nylon', '20 cm', 19],
      ['Pencil roll|笔卷', 'walnut', 'leather', '21 cm', 39, 46],
      ['Passport wallet|护照夹', 'forest', 'leather', '14 cm', 44],
      ['Packing cubes|旅行分装袋', 'mist', 'nylon', 'set of 3|三件套', 32],
      ['Shoe bag|鞋袋', 'oat', 'cotton', '36 cm', 14],
    ],
  },
  {
    code: 'BTL',
    shape: 'bottle',
    path: [TRAVEL, ['Bottles & flasks', '水壶保温杯']],
    brands: ['nordvik', 'tallis'],
    costShare: 0.4,
    title: ['{name} flask in {colour} {material}, {size}', '{name}系列{colour}{material}保温瓶 {size}'],
    lead: [
      'A double-walled {size} flask in {material}, {colour}: hot for twelve hours, cold for a day.',
      '{size}双层{material}保温瓶，{colour}，保热十二小时，保冷一整天。',
    ],
    details: [
      ['A tea strainer sits under the lid.', '盖下附茶滤。'],
      ['Does not leak, lying on its side in a bag.', '横放包中也不漏。'],
      ['Fits the cup holder of a bicycle or a train.', '自行车、火车杯架都放得下。'],
    ],
    rows: [
      ['tide', 'ink', 'steel', '500 ml', 32],
      ['moss', 'sage', 'steel', '500 ml', 32],
      ['orchard', 'blush', 'steel', '350 ml', 27],
      ['heron', 'steel', 'steel', '750 ml', 38],
      ['ember', 'terracotta', 'steel', '500 ml', 32, 38],
      ['pebble', 'chalk', 'steel', '1 l', 44],
    ],
  },
  {
    code: 'UMB',
    shape: 'umbrella',
    path: [TRAVEL, ['Umbrellas', '雨伞']],
    brands: ['tallis'],
    costShare: 0.46,
    title: ['{name} umbrella in {colour}, {material}, {size}', '{name}系列{colour}雨伞 {material} {size}'],
    lead: [
      'An umbrella {size} across with a {material}, tested in a wind tunnel at 80 km/h.',
      '伞面直径{size}，{material}，经 80 公里时速风洞测试。',
    ],
    details: [
      ['The cloth is woven from recycled bottles.', '伞面由回收瓶再生纤维织成。'],
      ['Repairs are free for five years.', '五年免费维修。'],
    ],
    rows: [
      ['juniper', 'ink', 'chestnut handle|栗木手柄', '110 cm', 64],
      ['ember', 'brick', 'chestnut handle|栗木手柄', '110 cm', 64, 74],
      ['meadow', 'mustard', 'folding frame|折叠骨架', '95 cm', 38],
      ['dusk', 'charcoal', 'folding frame|折叠骨架', '95 cm', 38],
      ['moss', 'forest', 'bamboo handle|竹制手柄', '105 cm', 56],
    ],
  },
];
