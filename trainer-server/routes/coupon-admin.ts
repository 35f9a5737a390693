/**
 * `/admin/sites/:site/...` of coupons: budgets, promotions and experiments. Money and promises are proposed, and take
 * effect when somebody else approves; withdrawing a promotion makes things safer and needs nobody.
 */

import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import { type Promotion, readPromotion } from '../../shared/promotion.ts';
import { read } from '../../shared/read.ts';
import { requireRole } from '../access/caller.ts';
import { propose } from '../access/four-eyes.ts';
import { EDITORS, READERS } from '../access/roles.ts';
import type { Coupons } from '../coupons/coupons.ts';
import { experimentSchema, readExperiment } from '../coupons/experiment.ts';
import { checkOffer } from '../coupons/price.ts';
import { refuseUnlawfulOffer } from '../law/lawful-offer.ts';
import { refuseSensitiveOffer } from '../law/sensitive.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import type { Effects } from './approvals.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

const budgetSchema = v.strictObject({
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  /** Minor units. */
  total: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

const offerSchema = v.strictObject({
  budget: id,
  /** As promotions.json has it, money in major units. */
  promotion: v.record(v.string(), v.unknown()),
  claimMinutes: v.exactOptional(v.pipe(v.number(), v.gtValue(0), v.maxValue(365 * 24 * 60))),
});

type Offer = v.InferOutput<typeof offerSchema>;

const proposed = v.object({ proposal: v.number(), state: v.string() });
const amount = v.number();

const BUDGETS: Operation = {
  summary: 'Budgets: balances, open claims and the worst case, in minor units',
  answer: v.object({
    budgets: v.array(
      v.object({
        ...{ site: v.string(), id: v.string(), currency: v.string() },
        ...{ free: amount, reserved: amount, spent: amount, total: amount, worstCase: amount },
        openClaims: v.number(),
      }),
    ),
  }),
};
const COUPONS: Operation = {
  summary: 'Promotions that can be claimed now, their terms and worst case in minor units',
  answer: v.object({
    coupons: v.array(
      v.object({
        ...{ version: v.number(), id: v.string(), budget: v.string(), currency: v.string() },
        ...{ worstCase: amount, promotion: v.record(v.string(), v.unknown()) },
      }),
    ),
  }),
};
const SET_BUDGET: Operation = {
  summary: 'Proposes what a budget holds altogether',
  body: budgetSchema,
  answer: proposed,
};
const OFFER: Operation = {
  summary: 'Proposes a promotion that can be claimed',
  body: offerSchema,
  answer: proposed,
};
const WITHDRAW: Operation = {
  summary: 'Takes a promotion off every menu; codes that are out keep their terms',
  answer: v.object({ withdrawn: v.string() }),
};
const EXPERIMENT: Operation = {
  summary: 'Draws the menu or budget price of each new visit from these arms',
  body: experimentSchema,
  answer: v.object({ version: v.number() }),
};

/** What approval of a budget or a promotion brings about. */
export function couponEffects(store: Store, coupons: Coupons, now: () => number): Effects {
  return {
    budget: ({ site, name, body }) => {
      const { currency, total } = body as v.InferOutput<typeof budgetSchema>;
      coupons.budgets.set(site, name, currency, total, now());
    },
    promotion: ({ site, body }) => {
      const { budget, claimMinutes } = body as Offer;
      const claimMs = claimMinutes === undefined ? {} : { claimMs: claimMinutes * 60_000 };
      const promotion = promotionOf(coupons, site, body as Offer);
      // A release may have declared more attributes sensitive, or masked more promotions, since it was proposed.
      refuseSensitiveOffer(store, site, promotion);
      refuseUnlawfulOffer(store, site, promotion, coupons.promotions.live(site, promotion.id)?.promotion);
      coupons.offer(site, promotion, { budget, ...claimMs });
    },
  };
}

export function couponAdminRoute(store: Store, coupons: Coupons, effects: Effects, now: () => number): Hono {
  const editors = requireRole(...EDITORS);
  const proposal = (c: Context, subject: 'budget' | 'promotion', body: object): Response => {
    const content = { site: siteOf(c), subject, name: read(id, c.req.param('id')), body };
    const { id: number, state } = propose(store, content, c.get('caller').owner, now(), effects[subject]);
    c.header('Cache-Control', 'no-store');
    return c.json({ proposal: number, state }, state === 'approved' ? 200 : 202);
  };
  return new Hono()
    .get('/admin/sites/:site/budgets', describe(BUDGETS), requireRole(...READERS), (c) => {
      c.header('Cache-Control', 'no-store');
      return c.json({ budgets: coupons.budgets.report(siteOf(c)) });
    })
    .put('/admin/sites/:site/budgets/:id', describe(SET_BUDGET), editors, async (c) =>
      proposal(c, 'budget', read(budgetSchema, await jsonBody(c))),
    )
    .get('/admin/sites/:site/coupons', describe(COUPONS), requireRole(...READERS), (c) => {
      const live = coupons.promotions.allLive(siteOf(c));
      c.header('Cache-Control', 'no-store');
      return c.json({
        coupons: live.map(({ version, id, budget, currency, worstCase, promotion }) => ({
          ...{ version, id, budget, currency, worstCase, promotion },
        })),
      });
    })
    .put('/admin/sites/:site/coupons/:id', describe(OFFER), editors, async (c) => {
      const offer = read(offerSchema, await jsonBody(c));
      const promotion = promotionOf(coupons, siteOf(c), offer);
      if (promotion.id !== c.req.param('id'))
        throw new ApiError(400, 'bad-input', 'expected the id of the address', 'promotion.id');
      const site = siteOf(c);
      refuseSensitiveOffer(store, site, promotion);
      refuseUnlawfulOffer(store, site, promotion, coupons.promotions.live(site, promotion.id)?.promotion);
      checkOffer(promotion, offer.budget, coupons.ledger.budget(siteOf(c), offer.budget));
      return proposal(c, 'promotion', offer);
    })
    .delete('/admin/sites/:site/coupons/:id', describe(WITHDRAW), editors, (c) => {
      const [site, name] = [siteOf(c), c.req.param('id')];
      store.transaction(() => {
        if (!coupons.promotions.withdraw(site, name, 'person'))
          throw new ApiError(404, 'not-found', `no promotion ${name} can be claimed`, 'id');
        record(store, c, now(), 'coupon-withdraw', { promotion: name });
      });
      return c.json({ withdrawn: name });
    })
    .put('/admin/sites/:site/experiment', describe(EXPERIMENT), editors, async (c) => {
      const experiment = readExperiment(await jsonBody(c));
      const arms = experiment.arms.map((arm) => arm.id);
      const version = store.transaction(() => {
        const started = coupons.experiments.start(siteOf(c), experiment, now());
        record(store, c, now(), 'coupon-experiment', { version: started, arms });
        return started;
      });
      return c.json({ version });
    });
}

/** Amounts are in the currency of the budget that pays them. */
function promotionOf(coupons: Coupons, site: string, { budget, promotion }: Offer): Promotion {
  return readPromotion(promotion, coupons.ledger.budget(site, budget)?.currency ?? 'EUR');
}

function record(store: Store, c: Context, at: number, action: string, detail: Record<string, unknown>): void {
  store.audit.add({ at, site: siteOf(c), who: c.get('caller').owner, action, detail });
}
