/** Words that families share: design lines, colours and materials. */

import type { Both } from './family.ts';

/** Design lines: things of one line go together. */
export const LINES: Readonly<Record<string, Both>> = {
  harbour: ['Harbour', '港湾'],
  moss: ['Moss', '青苔'],
  fennel: ['Fennel', '茴香'],
  ember: ['Ember', '余烬'],
  tide: ['Tide', '潮汐'],
  meadow: ['Meadow', '草甸'],
  dusk: ['Dusk', '暮色'],
  orchard: ['Orchard', '果园'],
  heron: ['Heron', '苍鹭'],
  willow: ['Willow', '垂柳'],
  juniper: ['Juniper', '杜松'],
  pebble: ['Pebble', '卵石'],
};

export interface Colour {
  name: Both;
  hex: string;
}

const colour = (en: string, zh: string, hex: string): Colour => ({ name: [en, zh], hex });

export const COLOURS: Readonly<Record<string, Colour>> = {
  oat: colour('oat', '燕麦色', '#d8c6a5'),
  chalk: colour('chalk white', '粉白色', '#efe9df'),
  sand: colour('sand', '沙色', '#cfb48c'),
  honey: colour('honey', '蜜糖色', '#d99a3d'),
  mustard: colour('mustard', '芥末黄', '#c99a2e'),
  terracotta: colour('terracotta', '赤陶色', '#c1693f'),
  rust: colour('rust', '铁锈红', '#a64b2a'),
  brick: colour('brick red', '砖红色', '#9c3f34'),
  berry: colour('berry', '莓果色', '#8b3a5a'),
  rose: colour('dusty rose', '灰粉色', '#cf9a93'),
  blush: colour('blush', '浅粉色', '#e7c3b5'),
  plum: colour('plum', '梅紫色', '#64405f'),
  lilac: colour('lilac', '丁香紫', '#a99bc0'),
  sea: colour('sea blue', '海蓝色', '#3f6f8f'),
  sky: colour('sky blue', '天蓝色', '#8fb4c9'),
  ink: colour('ink blue', '墨蓝色', '#2c3e5c'),
  teal: colour('teal', '青绿色', '#2f7a78'),
  celadon: colour('celadon', '青瓷色', '#a3bfa8'),
  sage: colour('sage', '鼠尾草绿', '#8f9f7c'),
  moss: colour('moss green', '苔绿色', '#66733f'),
  forest: colour('forest green', '森林绿', '#2f5641'),
  lime: colour('leaf green', '叶绿色', '#6f9a3c'),
  slate: colour('slate grey', '板岩灰', '#5d666e'),
  mist: colour('mist grey', '雾灰色', '#aab2b3'),
  charcoal: colour('charcoal', '炭黑色', '#3b3a3a'),
  walnut: colour('walnut brown', '胡桃棕', '#6d4a33'),
  oak: colour('pale oak', '浅橡木色', '#c9a273'),
  copper: colour('copper', '紫铜色', '#b9714a'),
  brass: colour('brass', '黄铜色', '#bf9a4f'),
  steel: colour('brushed steel', '拉丝钢色', '#9aa3a8'),
  clear: colour('clear', '透明', '#bcd6da'),
  amber: colour('amber', '琥珀色', '#c07a2b'),
};

export interface Material {
  name: Both;
  /** How to look after it. */
  care: Both;
}

const material = (en: string, zh: string, careEn: string, careZh: string): Material => ({
  name: [en, zh],
  care: [careEn, careZh],
});

export const MATERIALS: Readonly<Record<string, Material>> = {
  stoneware: material(
    'stoneware',
    '炻器',
    'Safe in the dishwasher and the microwave.',
    '可用洗碗机清洗，也可进微波炉。',
  ),
  porcelain: material(
    'porcelain',
    '细瓷',
    'Dishwasher safe; it thins the light rather than the glaze.',
    '可用洗碗机清洗，釉面长久如新。',
  ),
  earthenware: material(
    'earthenware',
    '粗陶',
    'Best washed by hand and dried straight away.',
    '建议手洗并及时擦干。',
  ),
  enamel: material(
    'enamelled steel',
    '搪瓷',
    'Wipes clean; a small chip does not hurt it.',
    '一擦即净，轻微磕碰不影响使用。',
  ),
  iron: material(
    'cast iron',
    '铸铁',
    'Rinse with hot water, dry, and oil it lightly now and then.',
    '热水冲洗后擦干，偶尔薄涂一层油即可。',
  ),
  steel: material(
    'stainless steel',
    '不锈钢',
    'Dishwasher safe and free of coatings.',
    '可用洗碗机清洗，无任何涂层。',
  ),
  copper: material(
    'copper',
    '紫铜',
    'Darkens with use; lemon and salt bring the shine back.',
    '使用中会自然变深，柠檬加盐可恢复光泽。',
  ),
  brass: material(
    'brass',
    '黄铜',
    'Left alone it mellows; polished it gleams.',
    '不打理则温润，擦拭后光亮。',
  ),
  glass: material(
    'glass',
    '玻璃',
    'Dishwasher safe; avoid sudden changes of heat.',
    '可用洗碗机清洗，请避免骤冷骤热。',
  ),
  borosilicate: material(
    'borosilicate glass',
    '高硼硅玻璃',
    'Takes boiling water and cleans without a trace.',
    '可直接注入沸水，清洗不留痕迹。',
  ),
  oak: material(
    'oak',
    '橡木',
    'Oil it twice a year and it will outlast the kitchen.',
    '每年上油两次，经久耐用。',
  ),
  walnut: material(
    'walnut',
    '胡桃木',
    'Wash by hand, dry upright, oil when it looks pale.',
    '手洗后竖放晾干，颜色变浅时上油。',
  ),
  beech: material('beech', '榉木', 'Wash by hand and let it dry in the air.', '手洗后自然晾干。'),
  bamboo: material('bamboo', '竹', 'Light, tough, and quick to dry.', '轻巧结实，干得快。'),
  linen: material('linen', '亚麻', 'Machine wash at 40 °C; softer each time.', '40°C 机洗，越洗越柔软。'),
  cotton: material('organic cotton', '有机棉', 'Machine wash at 60 °C.', '可 60°C 机洗。'),
  wool: material(
    'lambswool',
    '羊羔毛',
    'Air it often, wash it rarely, in cold water.',
    '多通风、少清洗，用冷水洗涤。',
  ),
  velvet: material(
    'cotton velvet',
    '棉绒',
    'The cover comes off and washes at 30 °C.',
    '外套可拆，30°C 洗涤。',
  ),
  canvas: material(
    'waxed canvas',
    '蜡帆布',
    'Sheds rain; rub it with wax once a year.',
    '防泼水，每年补一次蜡即可。',
  ),
  leather: material(
    'vegetable-tanned leather',
    '植鞣皮革',
    'Darkens with the years; a little balm keeps it supple.',
    '随岁月加深，少许皮革膏保持柔韧。',
  ),
  nylon: material('recycled nylon', '再生尼龙', 'Wipes clean with a damp cloth.', '湿布一擦即净。'),
  jute: material('jute', '黄麻', 'Shake it out; spot-clean with cold water.', '抖净即可，局部用冷水清洁。'),
  rattan: material(
    'rattan',
    '藤',
    'Dust with a soft brush and keep it out of the rain.',
    '软刷除尘，避免淋雨。',
  ),
  paper: material('washi paper', '和纸', 'Dust it gently with a dry brush.', '用干刷轻轻掸尘。'),
  terracotta: material(
    'terracotta',
    '红陶',
    'Breathes, so roots stay healthy; frost-proof to -5 °C.',
    '透气利根，可耐零下五度。',
  ),
  concrete: material(
    'cast concrete',
    '水泥',
    'Sealed inside; felt feet protect the sill.',
    '内壁已做防水，底部毛毡保护台面。',
  ),
  zinc: material(
    'galvanised zinc',
    '镀锌铁',
    'Weathers to a soft grey and does not rust.',
    '日久呈柔和灰色，不易生锈。',
  ),
  clay: material(
    'Yixing clay',
    '宜兴紫砂',
    'Rinse with hot water only, never with soap.',
    '只用热水冲洗，切勿使用洗涤剂。',
  ),
};
