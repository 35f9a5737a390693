import type { Both, Family } from '../family.ts';

const GAMES: Both = ['Games & puzzles', '游戏与拼图'];

export const games: readonly Family[] = [
  {
    code: 'GAM',
    shape: 'boardgame',
    path: [GAMES, ['Board games', '桌面游戏']],
    brands: ['oakleaf'],
    costShare: 0.45,
    title: ['{name}, {size}', '{name} {size}'],
    lead: ['{name}: {material}, {size}.', '{name}：{material}，{size}。'],
    details: [
      ['Wooden pieces, a cloth bag, and rules that fit on one page.', '木质棋子，附布袋，规则一页读完。'],
      ['Learned in five minutes, played for years.', '五分钟学会，玩上多年。'],
      ['The board folds to the size of a book.', '棋盘折起如一本书。'],
    ],
    rows: [
      [
        'Go set|围棋套装',
        'honey',
        'a 19-line board and 361 stones|十九路棋盘与 361 枚棋子',
        '2 players|双人',
        64,
      ],
      ['Chess set|国际象棋', 'walnut', 'maple and walnut pieces|枫木与胡桃木棋子', '2 players|双人', 58],
      ['Xiangqi set|中国象棋', 'brick', 'engraved beech pieces|榉木刻字棋子', '2 players|双人', 36],
      [
        'The Lighthouse Keepers|守灯人',
        'sea',
        'a co-operative game of storms|对抗风暴的合作游戏',
        '2-4 players|2-4 人',
        34,
        39,
      ],
      [
        'Tea Caravan|茶马古道',
        'forest',
        'trade along mountain roads|山路上的贸易策略',
        '3-5 players|3-5 人',
        42,
      ],
      ['Backgammon|双陆棋', 'plum', 'a folding board with felt inside|折叠毛毡棋盘', '2 players|双人', 48],
      ['Mancala|播棋', 'oak', 'an oak board and glass beads|橡木棋盘与玻璃珠', '2 players|双人', 29],
    ],
  },
  {
    code: 'PUZ',
    shape: 'puzzle',
    path: [GAMES, ['Jigsaws', '拼图']],
    brands: ['oakleaf', 'papier'],
    costShare: 0.38,
    title: ['{name} jigsaw, {size}', '{name}拼图 {size}'],
    lead: [
      'A {size} jigsaw of {material}, cut so that every piece is its own.',
      '{material}主题拼图，{size}，片片不同。',
    ],
    details: [
      ['Matt print, so the lamp does not shine back.', '哑光印刷，灯下不反光。'],
      ['Comes with a full-size poster to cheat from.', '附原尺寸海报，方便偷看。'],
    ],
    rows: [
      ['Allotment|小菜园', 'lime', 'a garden in June|六月的菜园', '1000 pieces|1000 片', 22],
      ['Night market|夜市', 'plum', 'lanterns and noodles|灯笼与面摊', '1000 pieces|1000 片', 22],
      ['Harbour in snow|雪中港湾', 'sky', 'boats in winter|冬日小船', '500 pieces|500 片', 17],
      ['The tea shelf|茶架', 'teal', 'sixty-four tea tins|六十四只茶罐', '500 pieces|500 片', 17, 20],
      ['Map of the stars|星图', 'ink', 'the northern sky|北天星空', '1500 pieces|1500 片', 28],
    ],
  },
  {
    code: 'CAR',
    shape: 'pocketgame',
    path: [GAMES, ['Cards & dice', '纸牌骰子']],
    brands: ['oakleaf'],
    costShare: 0.34,
    title: ['{name} in {material}, {size}', '{material}{name} {size}'],
    lead: [
      'A pocket game in {material}, {size}, for trains and rainy holidays.',
      '{material}口袋游戏，{size}，火车上、雨天里都好玩。',
    ],
    details: [
      ['Rules for three games are in the box.', '盒内附三种玩法。'],
      ['Small enough for a coat pocket.', '放得进大衣口袋。'],
    ],
    rows: [
      ['Playing cards|扑克牌', 'brick', 'a linen finish|亚麻纹纸', '54 cards|54 张', 9],
      ['Playing cards|扑克牌', 'forest', 'a gold-edged finish|金边纸', '54 cards|54 张', 14],
      ['Dominoes|多米诺骨牌', 'walnut', 'walnut|胡桃木', '28 tiles|28 块', 26],
      ['Question cards|问答卡', 'mustard', 'thick paper|厚卡纸', '60 cards|60 张', 16],
      ['Dice|骰子', 'brass', 'brass|黄铜', 'set of 5|五枚装', 18, 21],
    ],
  },
];
