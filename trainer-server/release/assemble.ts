/** Trained models as the content of a bundle: what is published, and what stays with the trainer. */

import type { FirstMeta } from '../../shared/bundle.ts';
import { EXPLORATION } from '../../shared/choose.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import { NONE_ID, type Promotion } from '../../shared/promotion.ts';
import type { Shop } from '../../shared/shop.ts';
import { writeTensors } from '../../shared/tensors.ts';
import { OFFERS_FILE, offersFileOf } from '../coupons/release-offers.ts';
import type { EncoderExport } from '../encoders/index.ts';
import { disclosing } from '../law/disclosing.ts';
import type { LawReport } from '../law/law-report.ts';
import type { ExportedPolicy } from '../policy/index.ts';
import type { BundleDraft, BundleFile } from './bundle.ts';
import { PACING_FILE, type PacingBasis } from './pacing-plan.ts';
import { publicPromotion } from './public-promotion.ts';

export interface Trained {
  shop: Shop;
  promotions: readonly Promotion[];
  spec: FeatureSpec;
  encoders: EncoderExport;
  policy:
    | (ExportedPolicy & { report: object; budgetScale: number } & Pick<FirstMeta, 'adaptation'>)
    | undefined;
  /** What its price of budget can be steered by; absent where it spends nothing, or the log knows no times. */
  pacing?: PacingBasis | undefined;
  law?: LawReport;
  /** Without a policy: share of decisions drawn at random, the others being the promotions' own rules'. */
  firstWeeks?: number | undefined;
}

/** Days after which devices stop believing a release, unless it is published again. */
const EXPIRES_DAYS = 30;

/** @param now epoch ms */
export function assemble(trained: Trained, now: number): BundleDraft {
  const { encoders, policy } = trained;
  return {
    manifest: {
      version: 1,
      created: now,
      expires: now + EXPIRES_DAYS * 86_400_000,
      mode: 'on',
      canaryShare: 1,
      budgetPrice: 0,
      parts: policy === undefined ? encoders.parts : [...encoders.parts, 'policy'],
      parity: {},
    },
    files: filesOf(trained),
    trainer: {
      ...encoders.trainer,
      'costs.json': JSON.stringify(costsOf(trained), null, 2),
      [OFFERS_FILE]: JSON.stringify(offersFileOf(trained.shop, trained.promotions), null, 2),
      ...(trained.pacing === undefined ? {} : { [PACING_FILE]: JSON.stringify(trained.pacing, null, 2) }),
      ...(trained.law === undefined ? {} : { 'law.json': JSON.stringify(trained.law, null, 2) }),
      ...(policy === undefined
        ? {}
        : {
            'policy.json': JSON.stringify(policy.report, null, 2),
            'head.safetensors': writeTensors(policy.full.tensors),
            'head.fp32.onnx': policy.full.onnx,
          }),
    },
  };
}

function filesOf(trained: Trained): BundleFile[] {
  const { encoders, policy } = trained;
  const tensors = { ...encoders.firstTensors, ...policy?.tensors };
  const files: BundleFile[] = [
    // The larger one first: on a slow line it is what the first decision waits for.
    { path: 'first.safetensors', role: 'first-tensors', group: 'first', bytes: writeTensors(tensors) },
    { path: 'first.json', role: 'first-meta', group: 'first', bytes: json(firstMeta(trained)) },
    ...encoders.files,
  ];
  if (policy !== undefined) {
    files.push({ path: 'head.onnx', role: 'head-onnx', group: 'idle', bytes: policy.onnx });
  }
  return files;
}

function firstMeta(trained: Trained): FirstMeta {
  const { shop, promotions, spec, encoders, policy, law } = trained;
  const { margin: _margin, guard_rails: _rails, law: _law, sensitive: _sensitive, ...open } = shop;
  return {
    shop: open,
    features: spec,
    ...encoders.first,
    ...(policy === undefined ? {} : { head: policy.meta.head }),
    promotions: promotions
      .filter(({ id }) => id !== NONE_ID)
      .map((promotion) => disclosing(publicPromotion(promotion), law?.masks.disclosure)),
    budgetCost: policy?.meta.budgetCost ?? {},
    ...(policy?.meta.budgetMost === undefined ? {} : { budgetMost: policy.meta.budgetMost }),
    ...explorationOf(trained),
    ...(policy?.adaptation === undefined ? {} : { adaptation: policy.adaptation }),
    ...(law === undefined ? {} : { law: law.masks }),
  };
}

/** A trained policy's own; where there are no logs to train one from, what a shop has its first weeks run by. */
function explorationOf({ policy, firstWeeks }: Trained): Pick<FirstMeta, 'exploration' | 'firstWeeks'> {
  if (policy !== undefined) return { exploration: policy.meta.exploration };
  if (firstWeeks === undefined) return { exploration: EXPLORATION };
  return { exploration: { ...EXPLORATION, uniformShare: firstWeeks }, firstWeeks: true };
}

/** What the published numbers hide, for the trainer's own use. */
function costsOf({ shop, promotions, policy }: Trained) {
  return {
    margin: shop.margin,
    budgetScale: policy?.budgetScale,
    promotions: promotions.map(({ id, costPerUse, budget, caps }) => ({ id, costPerUse, budget, caps })),
  };
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
