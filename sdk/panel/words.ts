/** The panel's words, by language. */

import type { Explanation } from '../api.ts';

export type Language = 'en' | 'zh';
export type Fact = NonNullable<Explanation['why']>['contributions'][number]['fact'];

export interface Words {
  title: string;
  close: string;
  why: string;
  noOffers: string;
  /** An offer without words of its own is named by its id. */
  offer: (title: string) => string;
  noOffer: string;
  explored: (percent: string) => string;
  becauseOf: (facts: string) => string;
  inSpiteOf: (facts: string) => string;
  /** Nothing spoke for it, and it was still the best. */
  best: string;
  /** Why cannot be said before the whole release is here. */
  bestSoFar: string;
  firstWeeks: string;
  sameForAll: string;
  fact: Record<Fact, string>;
  kept: string;
  keptWhere: Record<'device' | 'memory' | 'nothing', string>;
  counts: (looks: number, searches: number, purchases: number, offers: number) => string;
  since: (date: string) => string;
  personalization: string;
  measurement: string;
  reports: string;
  /** Of the private reports: how many were sent, of how many that may be in a lifetime. */
  ledger: (sent: number, most: number) => string;
  nextReport: (date: string) => string;
  dismissed: (count: number) => string;
  copy: string;
  forget: string;
  forgetSure: string;
  forgotten: string;
  list: Intl.ListFormatOptions;
}

const EN: Words = {
  title: 'Your offers, your data',
  close: 'Close',
  why: 'Why these offers',
  noOffers: 'No offer has been chosen for you yet.',
  offer: (title) => `“${title}”`,
  noOffer: 'No offer',
  explored: (percent) => `Drawn at random, at ${percent}, to learn what is useful.`,
  becauseOf: (facts) => `Chosen because of ${facts}.`,
  inSpiteOf: (facts) => `Less likely because of ${facts}.`,
  best: 'The best choice all the same.',
  bestSoFar: 'The best choice; why can be said once everything has loaded.',
  firstWeeks: 'The shop’s usual order, the same for everyone, or drawn at random: nothing is learned yet.',
  sameForAll: 'Nothing that is known of you played a part.',
  fact: {
    visit: 'what you looked at on this visit',
    past: 'what you looked at before',
    searches: 'what you searched for',
    cart: 'what is in your cart',
    purchases: 'what you bought before',
    promotions: 'which offers you saw and used',
    attributes: 'what the shop knows of your visit',
  },
  kept: 'What is kept',
  keptWhere: {
    device: 'It is kept in this browser and stays here unless you share it.',
    memory: 'It is kept in memory alone, until you leave the page.',
    nothing: 'Nothing: choosing offers for you is switched off.',
  },
  counts: (looks, searches, purchases, offers) =>
    `Looks at products: ${looks}, searches: ${searches}, purchases: ${purchases}, offers: ${offers}.`,
  since: (date) => `The oldest is of ${date}.`,
  personalization: 'Choose offers for me, on this device',
  measurement: 'Share what I did and which offers I saw with the shop, without my name',
  reports: 'Send one randomized bit a week, from which nothing certain about me can be told',
  ledger: (sent, most) => `Randomized reports sent: ${sent} of ${most}, ever.`,
  nextReport: (date) => `The next one may go on ${date}.`,
  dismissed: (count) => `Offers you said no to: ${count}.`,
  copy: 'Take a copy',
  forget: 'Forget everything',
  forgetSure: 'Really forget everything?',
  forgotten: 'Forgotten.',
  list: { style: 'long', type: 'conjunction' },
};

const ZH: Words = {
  title: '你的优惠与数据',
  close: '关闭',
  why: '为什么是这些优惠',
  noOffers: '还没有为你挑选过优惠。',
  offer: (title) => `“${title}”`,
  noOffer: '未显示优惠',
  explored: (percent) => `随机抽取（概率 ${percent}），用来了解哪些优惠有用。`,
  becauseOf: (facts) => `因为${facts}而选出。`,
  inSpiteOf: (facts) => `${facts}使它的机会变小。`,
  best: '但仍是最合适的选择。',
  bestSoFar: '这是最合适的选择；全部载入后可说明原因。',
  firstWeeks: '商店的通常顺序（人人相同）或随机抽取：目前尚未学到什么。',
  sameForAll: '与你的任何信息无关。',
  fact: {
    visit: '你这次看过的商品',
    past: '你以前看过的商品',
    searches: '你搜索过的内容',
    cart: '购物车里的商品',
    purchases: '你以前买过的商品',
    promotions: '你见过和用过的优惠',
    attributes: '商店对这次访问的了解',
  },
  kept: '保存了什么',
  keptWhere: {
    device: '保存在这个浏览器里，除非你同意分享，否则不会离开。',
    memory: '只保存在内存里，离开页面即消失。',
    nothing: '什么都没有：已关闭为你挑选优惠。',
  },
  counts: (looks, searches, purchases, offers) =>
    `浏览商品 ${looks} 次，搜索 ${searches} 次，购买 ${purchases} 次，优惠 ${offers} 个。`,
  since: (date) => `最早的一条在 ${date}。`,
  personalization: '在本机为我挑选优惠',
  measurement: '把我的浏览和看过的优惠（不含姓名）分享给商店',
  reports: '每周发送一个随机化的比特，无法从中得知关于我的任何确切信息',
  ledger: (sent, most) => `已发送随机化报告：${sent} 次，终身最多 ${most} 次。`,
  nextReport: (date) => `下一次最早在 ${date}。`,
  dismissed: (count) => `你表示不感兴趣的优惠：${count} 个。`,
  copy: '下载一份',
  forget: '全部忘记',
  forgetSure: '确定全部忘记吗？',
  forgotten: '已清除。',
  list: { style: 'narrow', type: 'conjunction' },
};

export const languageOf = (locale: string): Language => (/^zh\b/i.test(locale) ? 'zh' : 'en');
export const wordsOf = (language: Language): Words => (language === 'zh' ? ZH : EN);
