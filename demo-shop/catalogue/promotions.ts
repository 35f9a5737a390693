/** The shop's promotions, one of every type, as `promotions.json` carries them. */

import type { Both } from './family.ts';

const DAY_MS = 86_400_000;

const creative = (title: Both, text: Both, action: Both) => ({
  en: { title: title[0], text: text[0], action: action[0] },
  zh: { title: title[1], text: text[1], action: action[1] },
});

/** @param now epoch milliseconds: the flash sale ends two weeks later, at midnight UTC */
export function promotions(now: number): Record<string, unknown>[] {
  const ends = new Date((Math.floor(now / DAY_MS) + 14) * DAY_MS).toISOString();
  return [
    {
      id: 'welcome-10',
      type: 'percentage',
      percent: 10,
      cost_per_use: 4.5,
      priority: 1,
      exclusive_group: 'basket',
      creative: creative(
        ['10% off everything', '全场九折'],
        [
          'A small thank-you for looking around. It comes off in the basket.',
          '谢谢你来逛逛，结算时自动减免。',
        ],
        ['Use it', '立即使用'],
      ),
    },
    {
      id: 'tea-15',
      type: 'percentage',
      percent: 15,
      scope: { category: 'Tea' },
      cost_per_use: 3.2,
      priority: 2,
      exclusive_group: 'basket',
      creative: creative(
        ['15% off tea and teaware', '茶叶茶具八五折'],
        ['Leaves, pots and the small tools between them.', '茶叶、茶壶，还有中间那些小物件。'],
        ['Put the kettle on', '去烧水'],
      ),
    },
    {
      id: 'ten-off-60',
      type: 'fixed_amount',
      amount: 10,
      minimum: 60,
      cost_per_use: 10,
      priority: 2,
      exclusive_group: 'basket',
      creative: creative(
        ['€10 off from €60', '满 60 欧减 10 欧'],
        ['Taken off the basket as soon as it reaches €60.', '购物车满 60 欧即自动减免。'],
        ['Fill the basket', '去凑单'],
      ),
    },
    {
      id: 'ship-40',
      type: 'free_shipping',
      minimum: 40,
      cost_per_use: 4.9,
      stackable: true,
      creative: creative(
        ['Free delivery from €40', '满 40 欧免运费'],
        ['Packed in paper and at your door in two days.', '纸质包装，两天送到家门口。'],
        ['Keep browsing', '继续逛逛'],
      ),
    },
    {
      id: 'gift-soap',
      type: 'gift',
      sku: 'SOP-01',
      cost_per_use: 2.3,
      stackable: true,
      creative: creative(
        ['A bar of soap, on us', '送你一块手工皂'],
        ['Oatmeal and honey, tucked into your parcel.', '燕麦蜂蜜皂一块，随单附赠。'],
        ['Yes please', '好的，谢谢'],
      ),
    },
    {
      id: 'mugs-3-for-2',
      type: 'buy_x_get_y',
      buy: 2,
      get: 1,
      percent: 100,
      scope: { category: 'Mugs & cups' },
      cost_per_use: 6.5,
      priority: 3,
      exclusive_group: 'basket',
      creative: creative(
        ['Three mugs for two', '马克杯买二送一'],
        ['Any three; the least expensive is free.', '任选三只，最低价一只免单。'],
        ['Choose mugs', '挑选马克杯'],
      ),
    },
    {
      id: 'tea-for-two',
      type: 'bundle',
      skus: ['TPT-02', 'MUG-03', 'TGR-01'],
      percent: 20,
      cost_per_use: 9,
      priority: 3,
      exclusive_group: 'basket',
      creative: creative(
        ['Tea for two: 20% off the set', '双人茶套装八折'],
        [
          'The Pebble teapot, an oat mug and a tin of Longjing, together.',
          '卵石茶壶、燕麦色马克杯与一罐龙井，一起买更划算。',
        ],
        ['See the set', '看看套装'],
      ),
    },
    {
      id: 'light-week',
      type: 'flash_sale',
      percent: 25,
      ends,
      scope: { category: 'Lighting' },
      schedule: { ends },
      cost_per_use: 14,
      priority: 4,
      exclusive_group: 'basket',
      creative: creative(
        ['Light week: 25% off lamps', '灯饰周：灯具七五折'],
        ['Table lamps, pendants and lanterns, while the evenings are long.', '台灯、吊灯与提灯，趁夜还长。'],
        ['See the lamps', '去看灯'],
      ),
    },
    {
      id: 'points-200',
      type: 'loyalty_points',
      points: 200,
      cost_per_use: 2,
      stackable: true,
      creative: creative(
        ['200 lantern points on your order', '下单送 200 灯火积分'],
        ['Worth €2 on the next one.', '下次购物可抵 2 欧。'],
        ['Collect them', '领取积分'],
      ),
    },
    {
      id: 'garden-12',
      type: 'coupon',
      percent: 12,
      // What one use may take of its budget at most: a claim reserves it.
      maximum_discount: 15,
      minimum: 25,
      scope: { category: 'Garden' },
      cost_per_use: 4,
      priority: 2,
      exclusive_group: 'basket',
      creative: creative(
        ['12% coupon for the garden', '园艺专区 88 折券'],
        ['For plants, pots and tools from €25.', '绿植、花盆与工具满 25 欧可用。'],
        ['Take the coupon', '领券'],
      ),
    },
    {
      id: 'eight-off-35',
      type: 'coupon',
      amount: 8,
      minimum: 35,
      cost_per_use: 8,
      priority: 1,
      exclusive_group: 'basket',
      creative: creative(
        ['An €8 coupon for today', '今日 8 欧优惠券'],
        ['For a basket of €35 or more.', '购物车满 35 欧可用。'],
        ['Take the coupon', '领券'],
      ),
    },
    {
      id: 'hand-packed',
      type: 'message',
      cost_per_use: 0,
      creative: creative(
        ['Packed by hand, 60 days to return', '手工打包，60 天可退'],
        ['If it is not right, send it back. We pay the postage.', '不合心意就寄回，邮费我们出。'],
        ['Good to know', '知道了'],
      ),
    },
  ];
}
