/** The page's words, English first. */

import type { Language } from '../shop/catalogue.ts';

const WORDS = {
  title: ['Watch it learn', '看它如何学习'],
  intro: [
    'Scripted shoppers walk through this shop, each in a browser profile of its own. What they do stays in their frames; what they agreed to share comes back, and a new release is trained on it. It goes out only if the evidence says that it is better.',
    '脚本顾客在这家店里闲逛，每位都有独立的浏览器存储。他们的行为留在各自的页面里；同意分享的部分会送回，用来训练新版本。只有证据表明更好，新版本才会发布。',
  ],
  absent: [
    'No trainer is behind this shop. `npm start` brings both; then open this page at http://localhost.',
    '这家店后面没有训练服务。请用 npm start 启动，然后从 http://localhost 打开本页。',
  ],
  elsewhere: [
    'Open this page at http://localhost: shoppers need origins of their own.',
    '请从 http://localhost 打开本页：每位顾客需要独立的来源。',
  ],
  shoppers: ['Shoppers at a time', '同时顾客数'],
  pace: ['Pace', '速度'],
  real: ['in real time', '实时'],
  fast: ['fast', '快速'],
  shares: ['They agree to share what they did', '顾客同意分享行为'],
  start: ['Let them in', '开门迎客'],
  stop: ['Close the door', '关门'],
  walking: ['at the shop', '购物中'],
  waiting: ['outcomes are counted, then sent', '等待结果并发送'],
  nobody: ['Nobody is here yet.', '还没有顾客。'],
  browse: ['Browse', '浏览'],
  browseText: [
    '{visits} visits, {looks} products looked at, {events} events kept on their devices',
    '{visits} 次来访，看过 {looks} 件商品，设备上保留 {events} 条事件',
  ],
  decide: ['Decide', '决定'],
  decideText: [
    '{decisions} decisions in their browsers, {shown} of them showed an offer{took}',
    '浏览器内做出 {decisions} 次决定，其中 {shown} 次显示优惠{took}',
  ],
  medianText: ['; median {ms} ms', '；中位用时 {ms} 毫秒'],
  claim: ['Claim', '领券'],
  claimText: ['{claimed} codes claimed; refused: {refused}', '领到 {claimed} 张券；被拒：{refused}'],
  buy: ['Buy', '购买'],
  buyText: [
    '{orders} orders, {revenue} altogether; {returned} sent back',
    '{orders} 笔订单，共 {revenue}；退货 {returned} 笔',
  ],
  report: ['Report', '回报'],
  reportText: [
    '{sent} decisions sent by devices that agreed. {held}',
    '同意分享的设备发送了 {sent} 次决定。{held}',
  ],
  heldText: [
    'The trainer holds {trajectories} of them, and {orders} orders and returns that the shop reported',
    '训练服务现有 {trajectories} 次决定，以及商店上报的 {orders} 条订单与退货',
  ],
  silent: [
    'The trainer does not answer: reports wait on the devices',
    '训练服务没有回应：报告留在设备上等待',
  ],
  retrain: ['Retrain', '再训练'],
  retrainText: [
    'From {devices} decisions of devices and {crowd} of a simulated crowd',
    '使用设备的 {devices} 次决定与模拟人群的 {crowd} 次决定',
  ],
  from: ['Starting from', '从何开始'],
  'from-running': ['the release that runs', '正在运行的版本'],
  'from-first-weeks': ['the shop’s first weeks', '商店的最初几周'],
  firstWeeksText: [
    'In its first weeks a shop has learned nothing: its own order decides, and half of the decisions are drawn at random, so that there is something to learn from. Open pages take that up at once, and what is learned has to beat it.',
    '最初几周商店什么都还没学到：按商店自己的顺序展示，另一半随机抽取，以便有东西可学。打开的页面会立即采用，之后学到的必须胜过它。',
  ],
  crowd: ['Simulated shoppers beside them', '另加模拟顾客'],
  crowdNone: ['none', '不加'],
  stronger: [
    'The further their tastes are from what the release has learned, the more there is to gain; the more of them come, the smaller a gain the gate can see.',
    '顾客偏好与版本所学差得越远，可提升的越多；来的人越多，审核能看出的提升越小。',
  ],
  takes: [
    'They come first; reading, training and judging then share the time that you allow, and a busy machine needs more.',
    '先模拟顾客，再由读取、训练与审核共用你允许的时间；机器繁忙时会更久。',
  ],
  world: ['Their tastes', '他们的偏好'],
  stationary: ['as in the training data', '与训练数据相同'],
  drifting: ['drifting', '渐变'],
  seasonal: ['seasonal', '随季节'],
  'discount-trained': ['used to discounts', '习惯打折'],
  seconds: ['At most', '最长'],
  turn: ['Turn the loop', '转动循环'],
  running: ['Now: {step}', '当前：{step}'],
  left: ['About {seconds} left, on a machine that does nothing else.', '若机器空闲，还需约 {seconds}。'],
  'how-far': ['How far this step is', '此步骤进度'],
  'of-usual': ['{here} of about {usual}', '{here}，约需 {usual}'],
  resumed: ['It was broken off, and has been taken up where it was.', '曾被中断，已从中断处继续。'],
  'step-begin': ['first weeks over again', '回到最初几周'],
  'step-crowd': ['simulating the crowd', '模拟人群'],
  'step-import': ['collecting what came back', '收集回报'],
  'step-train': ['training', '训练中'],
  'step-release': ['asking the gate', '送审'],
  notYet: ['Not yet.', '尚未进行。'],
  gate: ['Gate', '审核'],
  shipped: ['Let out', '放行'],
  held: ['Held back', '未放行'],
  overrule: ['Publish it all the same, on the record', '仍然发布，并记录在案'],
  verdictShipped: [
    'On shoppers it had never seen, the new release earns between {low} and {high} more a decision than {against}. It goes out.',
    '在从未见过的顾客上，新版本每次决定比{against}多赚 {low} 至 {high}，予以发布。',
  ],
  verdictUnsure: [
    'These decisions cannot tell whether it is better than {against}: between {low} and {high} a decision. They would mostly have shown a gain of {least} or more; more visits show smaller ones.',
    '这些决定还不能说明它比{against}更好：每次决定相差 {low} 至 {high}。{least} 以上的提升才大多能看出，来访越多看得越细。',
  ],
  verdictWorse: [
    'It earns less than {against}, by {high} to {low} a decision. It stays here.',
    '它每次决定比{against}少赚，相差 {low} 至 {high}，不予发布。',
  ],
  verdictRail: [
    'It earns more, but breaks a guard-rail of the shop.',
    '它赚得更多，但突破了商店设定的护栏。',
  ],
  verdictThin: [
    'There is too little evidence to compare it with {against} at all.',
    '证据太少，还无法与{against}比较。',
  ],
  verdictSame: ['It decides exactly as {against}.', '它的决定与{against}完全相同。'],
  theEarlier: ['the release that runs', '正在运行的版本'],
  theNothing: ['showing nothing', '不显示优惠'],
  gateWords: ['In the gate’s own words', '审核原文'],
  difference: [
    '{value} a decision against {against}, 95 % interval {low} to {high}',
    '每次决定比{against}多 {value}，95% 区间 {low} 至 {high}',
  ],
  release: ['Release', '发布'],
  releaseText: [
    'Release {release} runs. {frames} open frames and this page have taken it up, without a reload',
    '正在运行版本 {release}。{frames} 个打开的页面与本页已无刷新更新',
  ],
  refusedText: ['Release {release} goes on deciding.', '版本 {release} 继续决定。'],
  different: ['Different decisions', '不同的决定'],
  differentText: ['What the shoppers were shown, by release', '各版本下顾客看到的优惠'],
  momentText: [
    'The same moments, put to each release on this device: the likeliest action',
    '同样的情境，在本机交给各版本：最可能的动作',
  ],
  personaText: [
    'What each release thinks best for the shoppers who came: their own decisions, asked again',
    '各版本认为对来访顾客最好的优惠：用他们自己的决定重新提问',
  ],
  lead: ['€{lead} a decision beyond no offer', '每次决定比不显示优惠多 €{lead}'],
  ownOrder: ['first in the shop’s own order', '商店自己的顺序在先'],
  changed: ['changed', '有变化'],
  moment: ['{slot}; in the basket: {cart}', '{slot}；购物车里：{cart}'],
  undecided: ['No release decides in this browser.', '此浏览器里没有发布版本在做决定。'],
  'slot-home': ['home page', '首页'],
  'slot-product': ['product page', '商品页'],
  'slot-cart': ['basket', '购物车'],
  'tea-lover': ['tea lover', '茶友'],
  'bargain-hunter': ['bargain hunter', '爱优惠的顾客'],
  'gift-buyer': ['gift buyer', '送礼的顾客'],
  'chinese-reader': ['reads Chinese', '中文读者'],
  'window-shopper': ['window shopper', '只看不买的顾客'],
  noOffer: ['no offer', '不显示优惠'],
  emptyCart: ['empty', '空'],
  action: ['Promotion', '优惠'],
  count: ['{n} decisions', '{n} 次决定'],
  log: ['What the trainer said', '训练服务的输出'],
  failed: ['Not as planned', '出现问题'],
} as const;

export type QaWord = keyof typeof WORDS;

/** @param fill values for `{slots}` */
export function qaWord(key: QaWord, language: Language, fill: Record<string, string | number> = {}): string {
  const text: string = WORDS[key][language === 'zh' ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => String(fill[name] ?? slot));
}
