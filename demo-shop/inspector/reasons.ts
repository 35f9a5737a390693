/** Codes of reasons in words. */

import type { Explanation } from '../../sdk/index.ts';
import type { Language } from './words.ts';

type Reason = Explanation['reasons'][number];

const WORDS: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  best: ['the highest value net of the price of budget, by {lead}', '扣除预算后价值最高，领先 {lead}'],
  explored: ['drawn to explore; {best} has the highest value', '为探索而抽取；价值最高的是 {best}'],
  'budget-price': ['{promotion} would be best if budget were free', '若预算免费，{promotion} 会更好'],
  'only-one': ['nothing else was eligible', '没有其他可选'],
  'not-scheduled': ['{promotion}: masked, outside its schedule', '{promotion}：已屏蔽，不在活动时间内'],
  dismissed: ['{promotion}: masked, the shopper is not interested', '{promotion}：已屏蔽，顾客不感兴趣'],
  placement: ['{promotion}: masked, not for the slot {slot}', '{promotion}：已屏蔽，不用于位置 {slot}'],
  'shown-often': [
    '{promotion}: masked, shown {shown} times in {days} days',
    '{promotion}：已屏蔽，{days} 天内已显示 {shown} 次',
  ],
  'not-eligible': [
    '{promotion}: masked, not eligible ({condition})',
    '{promotion}：已屏蔽，不符合条件（{condition}）',
  ],
  'prior-price': [
    '{promotion}: masked, {sku} costs more than its lowest price of 30 days',
    '{promotion}：已屏蔽，{sku} 高于 30 天内最低价',
  ],
  'false-urgency': ['{promotion}: masked, {wrong}', '{promotion}：已屏蔽，{wrong}'],
  'personalised-price': [
    '{promotion}: chosen from personal data, disclosed by text {text}',
    '{promotion}：依据个人数据选出，以文本 {text} 告知',
  ],
  'promotion-unknown': [
    '{promotion}: masked, this release does not know it',
    '{promotion}：已屏蔽，此版本不认识它',
  ],
  'nothing-eligible': ['nothing was eligible', '没有可选项'],
  'attribute-unknown': [
    'attribute {name} is unknown to this release, and ignored',
    '此版本不认识属性 {name}，已忽略',
  ],
  'value-not-finite': ['a value was not a number: default', '有一个值不是数字：使用默认'],
  'first-weeks': [
    'first weeks, no policy yet: the shop’s own order, now and then another at random',
    '初期尚无策略：按商店自己的顺序，偶尔随机选择',
  ],
  'no-policy': ['the release has no policy: default', '此版本没有策略：使用默认'],
  timeout: ['no answer in time: default', '未及时回答：使用默认'],
  error: ['an error in the worker: default', '后台线程出错：使用默认'],
};

/** A code that we have no words for is shown as it is. */
export function reasonText({ code, promotion = '', detail = {} }: Reason, language: Language = 'en'): string {
  const fill: Record<string, unknown> = { promotion, ...detail };
  const words =
    WORDS[code]?.[language === 'zh' ? 1 : 0] ?? [code, promotion].filter((part) => part !== '').join(': ');
  return words.replace(/\{(\w+)\}/g, (_, name: string) => shown(fill[name]));
}

const shown = (value: unknown): string =>
  typeof value === 'number' ? value.toFixed(2) : String(value ?? '?');
