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
    'Expected reward, from {events} events, in {ms} ms',
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
  forceText: [
    'Takes effect at the slot’s next decision: turn the page. Forced decisions are not logged.',
    '在该位置下一次决定时生效：请翻页。强制的决定不会被记录。',
  ],
  asDecided: ['as the policy decides', '由策略决定'],
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
