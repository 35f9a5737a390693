/** The inspector's words, English first. Names of the field (Q, p, tier) stand as they are in both. */

export type Language = 'en' | 'zh';

const WORDS = {
  label: ['Promo Edge inspector', 'Promo Edge 检查器'],
  title: ['Inspector', '检查器'],
  close: ['Close', '关闭'],
  absent: ['Promo Edge is not on this page.', '本页没有 Promo Edge。'],
  release: ['Release', '版本'],
  noRelease: ['none: every decision is the default', '无：所有决定均为默认'],
  tier: ['Tier', '引擎'],
  none: ['none', '无'],
  ready: ['Ready', '就绪'],
  readyAfter: ['{ms} ms after the script tag', '脚本标签后 {ms} 毫秒'],
  decisions: ['Decisions', '决定'],
  noneYet: ['none yet', '尚无'],
  median: ['{n}, median {ms} ms', '{n} 次，中位 {ms} 毫秒'],
  personalization: ['Personalization', '个性化'],
  measurement: ['Measurement', '测量'],
  reports: ['Private reports', '私密报告'],
  kept: ['Kept', '保存'],
  onDevice: ['on this device', '在本机'],
  inMemory: ['in memory, until the page closes', '仅在内存中，关闭页面即失'],
  dismissed: ['Not interested', '不感兴趣'],
  noDecision: ['None yet: a slot has to come into view.', '尚无：需要有推广位进入视野。'],
  chance: ['probability of this action when it was drawn', '抽取时该动作的概率'],
  table: [
    'Expected reward; events read: {events}; {ms} ms',
    '预期回报：依据 {events} 条事件，用时 {ms} 毫秒',
  ],
  promotion: ['Promotion', '优惠'],
  masked: ['masked', '已屏蔽'],
  lead: [
    'Lead of {promotion} over {against}: {lead}, of a stranger {unknown}. What each group of facts adds (exact Shapley values)',
    '{promotion} 相对 {against} 的领先：{lead}，陌生人为 {unknown}。各组信息的贡献（精确 Shapley 值）',
  ],
  events: ['Events on this device', '本机事件'],
  noEvents: ['None.', '无。'],
  force: ['Force', '强制'],
  forceText: ['Forced decisions are not logged.', '强制的决定不会被记录。'],
  asDecided: ['as the policy decides', '由策略决定'],
  pending: ['pending', '待定'],
  granted: ['granted', '同意'],
  denied: ['denied', '拒绝'],
  visit: ['this visit', '本次浏览'],
  past: ['earlier visits', '以往浏览'],
  searches: ['searches', '搜索'],
  cart: ['basket', '购物车'],
  purchases: ['purchases', '购买'],
  promotions: ['promotions met', '接触过的优惠'],
  attributes: ['attributes', '属性'],
  attention: [
    'Where the session encoder looked (attention rollout)',
    '会话编码器关注的事件（attention rollout）',
  ],
  replay: ['Replay', '重放'],
  replayWith: ['What would release {n} do?', '版本 {n} 会怎么做？'],
  replaying: ['Replaying…', '重放中…'],
  same: [
    'Release {n} gives the same answer: {action}, p {p}. Values differ by at most {largest}.',
    '版本 {n} 给出相同答案：{action}，p {p}。价值最大相差 {largest}。',
  ],
  differs: [
    'Release {n} gives another answer: {action}, p {p}. Values differ by up to {largest}.',
    '版本 {n} 给出不同答案：{action}，p {p}。价值最多相差 {largest}。',
  ],
  firstFiles: [
    'Decided before the whole catalogue was here: with its most visited products alone.',
    '当时完整目录尚未到达：仅依据最常访问的商品。',
  ],
  budgetFree: ['Budget: free (price 0).', '预算：免费（价格 0）。'],
  budgetSame: [
    'Price of budget {price}: {best} is best with it and without it.',
    '预算价格 {price}：计入与否，{best} 都最好。',
  ],
  budgetMoved: [
    'Price of budget {price} moved the choice: {best} is best; were budget free, {free} would be.',
    '预算价格 {price} 改变了选择：{best} 最好；若预算免费则为 {free}。',
  ],
  taken: ['Taken off by the price of budget', '预算价格的扣减'],
  features: ['{n} features that entered, of those that are not 0', '进入决定的 {n} 个非零特征'],
  feature: ['Feature', '特征'],
  value: ['Value', '数值'],
  unit: ['Measures', '含义'],
  swap: ['Release in this browser', '本浏览器中的版本'],
  swapText: [
    'Another published release chooses here, in this tab alone, as forced decisions.',
    '仅在此标签页中由另一个已发布版本做决定，视为强制决定。',
  ],
  version: ['Version', '版本号'],
  choosing: ['Policy', '策略'],
  explore: ['as published, exploring', '按发布：含探索'],
  bestAlways: ['always the best value', '总选价值最高'],
  use: ['Use it', '使用'],
  back: ['Back to release {n}', '回到版本 {n}'],
  swapped: ['Release {n} chooses in this tab.', '此标签页由版本 {n} 决定。'],
  expired: ['It has expired: no shopper runs it.', '它已过期：没有顾客在用。'],
  notOpened: ['Could not be opened: {why}', '无法打开：{why}'],
  forget: ['Forget everything', '全部忘记'],
} as const;

export type InspectorWord = keyof typeof WORDS;
export type Say = (key: InspectorWord, fill?: Record<string, string | number>) => string;

export const sayIn =
  (language: Language): Say =>
  (key, fill = {}) =>
    WORDS[key][language === 'zh' ? 1 : 0].replace(/\{(\w+)\}/g, (slot, name: string) =>
      String(fill[name] ?? slot),
    );
