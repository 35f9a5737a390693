import type { Both, Family } from '../family.ts';

const TEA: Both = ['Tea', '茶'];
const LOOSE: Both = ['Loose tea', '茶叶'];

const leaf = (
  code: string,
  kind: Both,
  lead: Both,
  details: readonly Both[],
  rows: Family['rows'],
): Family => ({
  code,
  shape: 'teatin',
  path: [TEA, LOOSE, kind],
  brands: ['yunhe'],
  costShare: 0.34,
  title: ['{name}, {size} tin', '{name} {size}罐装'],
  lead,
  details,
  rows,
});

export const tea: readonly Family[] = [
  leaf(
    'TGR',
    ['Green tea', '绿茶'],
    [
      '{name} from {material}, picked by hand and fired the same day.',
      '{name}，产自{material}，手工采摘，当日炒制。',
    ],
    [
      ['Brew at 80 °C for two minutes; the leaves give three good cups.', '80°C 水冲泡两分钟，可泡三道。'],
      ['Chestnut first, then something like fresh peas.', '先是板栗香，继而鲜爽如新豆。'],
      ['Keep it cool and closed, and drink it within the year.', '避光密封冷藏，一年内饮用为佳。'],
    ],
    [
      ['Longjing green tea|龙井绿茶', 'lime', 'Hangzhou|杭州', '80 g', 16],
      ['Biluochun green tea|碧螺春', 'moss', 'the hills of Lake Tai|太湖洞庭山', '60 g', 18],
      ['Sencha|日式煎茶', 'forest', 'Shizuoka|静冈', '80 g', 14],
      ['Genmaicha with toasted rice|玄米茶', 'honey', 'Kyoto|京都', '100 g', 11],
      ['Gunpowder mint green tea|薄荷珠茶', 'teal', 'Zhejiang|浙江', '100 g', 9.5],
      ['Jasmine pearls|茉莉龙珠', 'celadon', 'Fujian|福建', '80 g', 19, 22],
    ],
  ),
  leaf(
    'TBK',
    ['Black tea', '红茶'],
    [
      '{name} from {material}: full-bodied, and happy with milk or without.',
      '{name}，产自{material}，汤色红亮，清饮或加奶皆宜。',
    ],
    [
      ['Brew at 95 °C for three to four minutes.', '95°C 水冲泡三至四分钟。'],
      ['Malt, a little honey, and a long finish.', '麦芽香带一丝蜜甜，回味悠长。'],
      ['The one to keep beside the kettle.', '放在水壶边的那一罐。'],
    ],
    [
      ['English breakfast|英式早餐茶', 'brick', 'Assam and Kenya|阿萨姆与肯尼亚', '125 g', 9],
      ['Earl Grey with bergamot|佛手柑伯爵茶', 'ink', 'Ceylon|锡兰', '125 g', 10],
      ['Keemun|祁门红茶', 'rust', 'Anhui|安徽', '100 g', 15],
      ['Lapsang Souchong|正山小种', 'charcoal', 'the Wuyi mountains|武夷山', '100 g', 16],
      ['Dianhong golden buds|滇红金芽', 'amber', 'Yunnan|云南', '80 g', 21, 25],
      ['First flush Darjeeling|春摘大吉岭', 'mustard', 'the Himalaya foothills|喜马拉雅山麓', '80 g', 22],
    ],
  ),
  leaf(
    'TOO',
    ['Oolong & pu-erh', '乌龙与普洱'],
    [
      '{name} from {material}, for long afternoons and many small cups.',
      '{name}，产自{material}，适合漫长午后，小杯慢饮。',
    ],
    [
      [
        'Rinse once, then steep for twenty seconds, and a little longer each time.',
        '洗茶一道，首泡二十秒，其后逐道略延。',
      ],
      ['It opens slowly: the fourth cup is the best.', '香气渐开，第四泡最佳。'],
    ],
    [
      ['Tieguanyin oolong|铁观音', 'teal', 'Anxi|安溪', '100 g', 17],
      ['Da Hong Pao oolong|大红袍', 'walnut', 'the Wuyi mountains|武夷山', '80 g', 26],
      ['Dong Ding oolong|冻顶乌龙', 'mustard', 'Nantou|南投', '100 g', 20],
      ['Ripe pu-erh|熟普洱', 'charcoal', 'Yunnan|云南', '120 g', 18, 21],
      ['Aged white tea|老白茶', 'oat', 'Fuding|福鼎', '80 g', 24],
    ],
  ),
  leaf(
    'THB',
    ['Herbal & fruit', '花草果茶'],
    ['{name}: {material}, and no caffeine at all.', '{name}：{material}，不含咖啡因。'],
    [
      ['Boiling water, five minutes, as strong as you like.', '沸水冲泡五分钟，浓淡随意。'],
      ['Just as good cold, with ice and a slice of lemon.', '加冰和柠檬片，冷饮同样好喝。'],
      ['A cup for the last hour of the day.', '一天最后一小时的那杯茶。'],
    ],
    [
      [
        'Evening chamomile|晚安洋甘菊茶',
        'mustard',
        'chamomile, lemon balm and lavender|洋甘菊、柠檬香蜂草与薰衣草',
        '60 g',
        8.5,
      ],
      ['Garden mint|花园薄荷茶', 'lime', 'peppermint and spearmint|胡椒薄荷与留兰香', '60 g', 7.5],
      [
        'Rooibos and orange|橙香路易波士茶',
        'terracotta',
        'rooibos with orange peel|路易波士与橙皮',
        '100 g',
        9,
      ],
      [
        'Hibiscus and berries|洛神花莓果茶',
        'berry',
        'hibiscus, elderberry and apple|洛神花、接骨木莓与苹果',
        '100 g',
        9,
      ],
      ['Ginger and lemon|姜柠茶', 'honey', 'ginger, lemongrass and liquorice|生姜、香茅与甘草', '80 g', 8.5],
      [
        'Chrysanthemum and goji|菊花枸杞茶',
        'honey',
        'chrysanthemum flowers and goji berries|杭白菊与宁夏枸杞',
        '70 g',
        12,
      ],
    ],
  ),
  {
    code: 'TPT',
    shape: 'teapot',
    path: [TEA, ['Teaware', '茶具'], ['Teapots', '茶壶']],
    brands: ['yunhe', 'ashdown', 'kiln'],
    costShare: 0.45,
    title: ['{name} teapot in {colour} {material}, {size}', '{name}系列{colour}{material}茶壶 {size}'],
    lead: [
      'A {size} teapot in {material} that pours in one clean arc and does not drip.',
      '{size}{material}茶壶，出水利落，断水干净。',
    ],
    details: [
      ['The lid stays put, even for the last cup.', '倒到最后一杯，壶盖也不滑落。'],
      ['A strainer is built in behind the spout.', '壶嘴内置滤孔。'],
      ['Comes with a loose basket in fine steel mesh.', '附可拆卸细网滤篮。'],
    ],
    rows: [
      ['harbour', 'sea', 'stoneware', '900 ml', 54],
      ['pebble', 'oat', 'stoneware', '600 ml', 46],
      ['fennel', 'celadon', 'porcelain', '500 ml', 58, 68],
      ['dusk', 'charcoal', 'iron', '800 ml', 72],
      ['ember', 'rust', 'clay', '220 ml', 88],
      ['orchard', 'walnut', 'clay', '180 ml', 96],
      ['heron', 'clear', 'borosilicate', '700 ml', 39],
      ['moss', 'forest', 'stoneware', '1.1 l', 62],
    ],
  },
  {
    code: 'GAI',
    shape: 'gaiwan',
    path: [TEA, ['Teaware', '茶具'], ['Gaiwans & cups', '盖碗品杯']],
    brands: ['yunhe'],
    costShare: 0.4,
    title: ['{name} gaiwan in {colour} {material}, {size}', '{name}系列{colour}{material}盖碗 {size}'],
    lead: [
      'A three-part gaiwan of {size} in {colour} {material}: lid, bowl and saucer.',
      '{size}三才盖碗，{colour}{material}，盖、碗、托一套。',
    ],
    details: [
      ['The flared rim stays cool enough to hold.', '敞口撇沿，端拿不烫手。'],
      ['The most honest way to meet a new tea.', '认识一款新茶，从盖碗开始。'],
    ],
    rows: [
      ['fennel', 'celadon', 'porcelain', '120 ml', 28],
      ['heron', 'chalk', 'porcelain', '150 ml', 26],
      ['tide', 'ink', 'porcelain', '110 ml', 34, 39],
      ['pebble', 'mist', 'stoneware', '130 ml', 30],
      ['willow', 'clear', 'borosilicate', '150 ml', 19],
    ],
  },
  {
    code: 'INF',
    shape: 'infuser',
    path: [TEA, ['Teaware', '茶具'], ['Tea tools', '茶道用具']],
    brands: ['yunhe', 'nordvik'],
    costShare: 0.35,
    title: ['{name} in {material}, {size}', '{material}{name} {size}'],
    lead: [
      'Made in {material}, {size}: a small thing that makes the daily cup better.',
      '{material}制，{size}，小小一件，让每天的茶更好喝。',
    ],
    details: [
      ['Fits every mug in the shop.', '本店马克杯均可适用。'],
      ['Rinses clean under the tap.', '水龙头下一冲即净。'],
    ],
    rows: [
      ['Basket infuser|滤茶篮', 'steel', 'steel', '6 cm', 12],
      ['Matcha whisk|抹茶茶筅', 'honey', 'bamboo', '11 cm', 18],
      ['Tea ball on a chain|链式茶球', 'brass', 'brass', '4.5 cm', 14],
      ['Tea scoop|茶则', 'walnut', 'walnut', '17 cm', 11],
      ['Strainer with stand|茶漏架', 'copper', 'copper', '8 cm', 24, 28],
    ],
  },
  {
    code: 'KET',
    shape: 'kettle',
    path: [TEA, ['Teaware', '茶具'], ['Kettles', '烧水壶']],
    brands: ['nordvik', 'tinder'],
    costShare: 0.55,
    title: ['{name} kettle in {colour} {material}, {size}', '{name}系列{colour}{material}水壶 {size}'],
    lead: [
      'A {size} kettle in {material} with a gooseneck that pours exactly where you look.',
      '{size}{material}鹅颈水壶，指哪倒哪。',
    ],
    details: [
      ['The wooden handle stays cool on the hob.', '木柄隔热，炉上不烫。'],
      [
        'Boils a litre in under five minutes on gas or induction.',
        '燃气、电磁炉通用，一升水不到五分钟烧开。',
      ],
    ],
    rows: [
      ['heron', 'steel', 'steel', '1 l', 59],
      ['dusk', 'charcoal', 'steel', '1.2 l', 64, 74],
      ['ember', 'copper', 'copper', '1 l', 119],
      ['moss', 'forest', 'enamel', '1.5 l', 48],
      ['orchard', 'chalk', 'enamel', '1.5 l', 48],
    ],
  },
];
