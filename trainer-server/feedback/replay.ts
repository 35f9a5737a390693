/**
 * Decides a trajectory again, with the release it names, and compares: what a device says about its propensity is
 * believed only where the published bytes, its features and its seed say the same.
 */

import type { CatalogueFile, FirstMeta } from '../../shared/bundle.ts';
import type { DecisionModel } from '../../shared/decide.ts';
import { weigh } from '../../shared/decide.ts';
import { type DecisionRequest, readRequest, shopperFields } from '../../shared/decision.ts';
import { decisionModelOf } from '../../shared/decision-model.ts';
import type { Engine } from '../../shared/engine.ts';
import { BadInput } from '../../shared/errors.ts';
import { readEvent } from '../../shared/event.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import type { Trajectory } from '../../shared/feedback.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import type { FileRole, SignedManifest } from '../../shared/manifest.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import { readTensors, type Tensors } from '../../shared/tensors.ts';
import type { Store } from '../store/store.ts';

/** How far a replayed probability may be from the reported one. */
export const TOLERANCE = {
  /** The same kernels give the same bits everywhere. */
  kernels: 1e-4,
  /** The other tiers keep activations in floating point; an error of 1 % of the spread of Q moves p by up to this. */
  other: 0.05,
} as const;

export interface Replayer {
  /** @throws BadInput naming the field that the replay contradicts */
  check(site: string, trajectory: Trajectory): Promise<void>;
}

/** One way a device may have seen a release: with the first group's products, or with the whole catalogue's. */
interface View {
  model: DecisionModel;
  engine: Engine;
}

interface OpenRelease {
  currency: string;
  views: View[];
}

/** Releases kept open; devices run the newest one or two. */
const KEPT = 4;

export function replayerOf(store: Store): Replayer {
  const open = new Map<string, Promise<OpenRelease>>();
  const releaseOf = (site: string, version: number): Promise<OpenRelease> => {
    const key = `${site} ${version}`;
    const found = open.get(key) ?? openRelease(store, site, version);
    open.delete(key);
    open.set(key, found);
    // A release that cannot be opened is not remembered.
    found.catch(() => open.delete(key));
    for (const oldest of open.keys()) if (open.size > KEPT) open.delete(oldest);
    return found;
  };
  return {
    async check(site, trajectory) {
      if (trajectory.featureVersion !== FEATURE_VERSION) {
        const found = String(trajectory.featureVersion);
        throw new BadInput({ field: 'featureVersion' }, String(FEATURE_VERSION), found);
      }
      const release = await releaseOf(site, trajectory.release);
      const request = requestOf(trajectory, release.currency);
      let problem: BadInput | undefined;
      for (const view of release.views) {
        problem = await compare(trajectory, request, view);
        if (problem === undefined) return;
      }
      throw problem;
    },
  };
}

/** Reads everything in it, the events that followed included. @throws BadInput */
function requestOf(trajectory: Trajectory, currency: string): DecisionRequest {
  const { id, ts, slot, attributes, history, cart, eligible, action } = trajectory;
  for (const event of trajectory.after) readEvent(event, currency, trajectory.visitor);
  if (!eligible.includes(action)) throw new BadInput({ field: 'action' }, 'one of eligible', action);
  const shopper = shopperFields(trajectory);
  return readRequest({ id, ts, slot, attributes, history, cart, eligible, ...shopper }, currency);
}

async function compare(
  trajectory: Trajectory,
  request: DecisionRequest,
  { model, engine }: View,
): Promise<BadInput | undefined> {
  const { candidates, probabilities } = await weigh(request, model, engine);
  const chosen = candidates.findIndex((promotion) => promotion.id === trajectory.action);
  // Nothing may be shown: `none`, with certainty.
  const p = candidates.length === 0 && trajectory.action === NONE_ID ? 1 : probabilities[chosen];
  const tolerance = trajectory.tier === 'kernels' ? TOLERANCE.kernels : TOLERANCE.other;
  if (p === undefined)
    return new BadInput({ field: 'action' }, 'an action that the release could choose', trajectory.action);
  if (Math.abs(p - trajectory.propensity) > tolerance) {
    return new BadInput(
      { field: 'propensity' },
      `${p.toPrecision(6)}, by replay`,
      String(trajectory.propensity),
    );
  }
  if (chosen >= 0 && !couldDraw(probabilities, chosen, trajectory.seed, tolerance)) {
    return new BadInput({ field: 'seed' }, `a seed that draws ${trajectory.action}`, trajectory.seed);
  }
  return undefined;
}

/** Whether the seed's number falls on the action's share of [0, 1), up to the error of its two ends. */
function couldDraw(p: readonly number[], chosen: number, seed: string, tolerance: number): boolean {
  const u = seeded(seed).next();
  const from = p.slice(0, chosen).reduce((sum, x) => sum + x, 0);
  return u >= from - tolerance && u < from + p[chosen]! + tolerance;
}

async function openRelease(store: Store, site: string, version: number): Promise<OpenRelease> {
  const release = store.releases.find(site, version);
  if (release === undefined)
    throw new BadInput({ field: 'release' }, `a release of site ${site}`, String(version));
  const { signed } = JSON.parse(release.manifest) as SignedManifest;
  const bytes = (role: FileRole): Uint8Array | undefined => {
    const file = signed.files.find((entry) => entry.role === role);
    return file && store.releases.file(file.sha256)?.bytes;
  };
  const meta = json<FirstMeta>(bytes('first-meta'));
  if (meta === undefined) throw new BadInput({ field: 'release' }, 'a release with first.json', 'none');
  const first = tensors(bytes('first-tensors'));
  const modules = await compileKernels();
  const view = async (products: FirstMeta['products'], table: Tensors): Promise<View> => ({
    model: decisionModelOf(meta, products, signed),
    engine: await engineFromFirst(meta, table, modules),
  });
  const views = [await view(meta.products, first)];
  const catalogue = json<CatalogueFile>(bytes('catalogue'));
  const whole = bytes('products');
  if (catalogue !== undefined && whole !== undefined) {
    views.push(await view(catalogue.products, { ...first, ...tensors(whole) }));
  }
  return { currency: meta.shop.currency, views };
}

const tensors = (bytes: Uint8Array | undefined): Tensors => (bytes === undefined ? {} : readTensors(bytes));
const json = <T>(bytes: Uint8Array | undefined): T | undefined =>
  bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T);
