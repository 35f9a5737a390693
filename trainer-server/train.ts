/**
 * The whole of training, top to bottom:
 *
 *   load -> features -> encoders -> session states -> policy -> quantize -> compare the forms -> judge -> bundle
 */

import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FirstMeta } from '../shared/bundle.ts';
import { decisionModelOf } from '../shared/decision-model.ts';
import { ThinEvidence } from '../shared/errors.ts';
import type { Manifest } from '../shared/manifest.ts';
import { seeded } from '../shared/random.ts';
import { checkpointFolder } from './checkpoint-folder.ts';
import { type Dataset, loadDataset } from './dataset/load.ts';
import type { BertConfig } from './encoders/bert/bert-config.ts';
import {
  ENCODER_PARTS,
  type EncoderModels,
  type EncoderPart,
  encodeHistories,
  exportEncoders,
  trainEncoders,
} from './encoders/index.ts';
import { sessionOnnx } from './encoders/session-export.ts';
import { HUB } from './encoders/teacher/model-folder.ts';
import { openTeacher, openTunableTeacher } from './encoders/teacher/open-teacher.ts';
import type { FineTuning } from './encoders/tuning/fine-tuning.ts';
import { splitForGate, type Verdict } from './evaluate/gate.ts';
import { JUDGED_FILE, judgedBefore, sketchOf, tryNumber, writeJudged } from './evaluate/tries.ts';
import { judgement } from './judge-release.ts';
import { lawLines, lawReport } from './law/law-report.ts';
import { adaptationOf, exportPolicy, fitSpec, type PolicyModel, trainPolicy } from './policy/index.ts';
import type { Progress } from './progress.ts';
import { assemble, type Trained } from './release/assemble.ts';
import {
  type Bundle,
  type BundleDraft,
  checkBundleFolder,
  openBundle,
  writeBundle,
} from './release/bundle.ts';
import { pacingBasisOf } from './release/pacing-plan.ts';
import { measureParity, paritySamples } from './release/parity.ts';
import type { Device, TrainingOptions } from './training-options.ts';

export const PARTS = [...ENCODER_PARTS, 'policy'] as const;
export type Part = (typeof PARTS)[number];

export interface TrainRequest {
  data: string;
  out: string;
  /** An earlier bundle: its text encoder is continued, its policy is what the new one must beat. */
  from?: string;
  /** A published text model, folder or name on the Hub, that the text encoder learns from. */
  teacher?: string;
  /** With `teacher`: how that model learns from the shop's pairs before it teaches; not at all where absent. */
  teacherTuning?: FineTuning<BertConfig>;
  /** With `from`: how its text encoder learns, instead of by all its values. */
  tuning?: FineTuning;
  /** Everything the data allows, where absent. */
  only?: readonly Part[];
  device: Device;
  seed: number;
  /** Longest time for everything; each part takes its share and gives the best it has. */
  budgetSeconds: number;
  /** With `from`: share of the old period's quality that recommendations may lose; MAY_FORGET where absent. */
  mayForget?: number;
  /** Share of devices that are never shown anything; none where absent. */
  holdout?: number;
  /**
   * Where the log supports no policy yet and none runs: share of decisions drawn among what is allowed, the others being the first in
   * the shop's order that its own rules allow. Nothing is shown where absent.
   */
  firstWeeks?: number;
  /** Whether devices may learn on from their own shopper's outcomes, where the log speaks for it. */
  adapt: boolean;
  /** Take up the work that a killed run left beside `out`. */
  resume: boolean;
}

export interface TrainIo {
  progress: Progress;
  signal: AbortSignal;
  /** Epoch ms. */
  now(): number;
}

/** Shares of the time: the encoders leave the policy its own, and judging its. */
const TIME = { encodersWithPolicy: 0.5, judging: 0.12 } as const;
/** Held-out decisions on which the network's forms are compared. */
const PARITY_DECISIONS = 300;

/**
 * Trains what the data allows and writes a bundle.
 * @throws BadInput for data that does not hold; Error where there is nothing to train on, or the run was stopped
 */
export async function train(request: TrainRequest, io: TrainIo): Promise<Manifest> {
  const { progress } = io;
  const began = io.now();
  const left = (share: number) => () => share * request.budgetSeconds - (io.now() - began) / 1000;
  const wanted = (part: Part): boolean => request.only?.includes(part) ?? true;
  await checkBundleFolder(request.out);
  const from = request.from === undefined ? undefined : await openBundle(request.from);
  const checkpoints = checkpointFolder(join(dirname(request.out), `.${basename(request.out)}.work`));
  if (!request.resume) await checkpoints.clear();

  const dataset = await load(request.data, progress);
  const spent = (io.now() - began) / 1000;
  progress.say(`  ${request.budgetSeconds} s for everything, ${spent.toFixed(0)} s of them for reading`);
  const { train: learn, judge: judged } = splitForGate(dataset.decisions);
  const learning = { ...dataset, decisions: learn.map((place) => dataset.decisions[place]!) };
  const judging = { ...dataset, decisions: judged.map((place) => dataset.decisions[place]!) };
  const spec = fitSpec(learning);
  const withPolicy = wanted('policy') && learning.decisions.length > 0;

  const options: TrainingOptions = {
    device: request.device,
    random: seeded(request.seed),
    progress,
    signal: io.signal,
    deadline: left(withPolicy ? TIME.encodersWithPolicy : 1),
    checkpoints,
    ...(from === undefined ? {} : { from }),
    ...(request.mayForget === undefined ? {} : { mayForget: request.mayForget }),
  };
  const openFor = request.teacherTuning === undefined ? openTeacher : openTunableTeacher;
  const teacher = request.teacher === undefined ? undefined : await openFor(request.teacher, HUB);
  const encoders = await trainEncoders(dataset, {
    ...options,
    priceEdges: spec.priceEdges,
    teacher,
    teacherTuning: request.teacherTuning,
    tuning: request.tuning,
    only: ENCODER_PARTS.filter((part: EncoderPart) => wanted(part)),
  }).finally(() => teacher?.close());
  stopIfAborted(io.signal);

  const policyOptions = { ...options, deadline: left(1 - TIME.judging) };
  const policy = withPolicy
    ? await learnPolicy(learning, spec, encoders, policyOptions, request.holdout ?? 0)
    : undefined;
  stopIfAborted(io.signal);

  const exported = policy && {
    ...exportPolicy(policy),
    report: policy.report,
    budgetScale: policy.budgetScale,
    ...(request.adapt ? learnedOnDevices(learning, policy, progress) : {}),
  };
  const exporting = progress.stage('files of the release');
  const exportedEncoders = exportEncoders(encoders);
  const law = lawReport(dataset, spec, from === undefined ? [] : (await from.first()).promotions, io.now());
  for (const line of lawLines(law)) progress.say(`  law: ${line}`);
  // A policy that runs is not given up for them.
  const firstWeeks = (await from?.first())?.head === undefined ? request.firstWeeks : undefined;
  const drafted = (exported: Trained['policy']): BundleDraft =>
    assemble(
      {
        shop: dataset.shop,
        promotions: dataset.promotions,
        spec,
        encoders: exportedEncoders,
        policy: exported,
        pacing: exported && policy && pacingBasisOf(policy, dataset.decisions),
        law,
        firstWeeks,
      },
      io.now(),
    );
  let draft = drafted(exported);
  exporting.end();

  // From here on only what shoppers will run is looked at: the quantized files, read back.
  const trial = `${request.out}.trial`;
  const remembered: Record<string, string> = {};
  await writeBundle(trial, draft);
  try {
    const candidate = await openBundle(trial);
    if (policy !== undefined) {
      const measured = progress.stage('comparing the forms of the network');
      draft.manifest.parity = await parityOf(candidate, draft, encoders, judging);
      measured.end(describe(draft.manifest.parity));
      const sketch = sketchOf(judging.decisions.map(({ id }) => id));
      const tries = tryNumber(sketch, await judgedBefore([request.from, request.out]));
      draft.manifest.verdict = await judgement(candidate, from, judging, tries, options);
      // Thin evidence was not used up.
      remembered[JUDGED_FILE] = writeJudged({ tries: draft.manifest.verdict.tries ?? tries - 1, sketch });
      sayVerdict(draft.manifest.verdict, progress);
    }
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
  if (firstWeeks !== undefined && draft.manifest.verdict?.shipped !== true) {
    progress.say(firstWeeksLine(firstWeeks, dataset.promotions.length - 1));
    draft = drafted(undefined);
  }
  const writing = progress.stage(`writing ${request.out}`);
  const manifest = await writeBundle(request.out, { ...draft, trainer: { ...draft.trainer, ...remembered } });
  await checkpoints.clear();
  writing.end();
  return manifest;
}

async function load(dir: string, progress: Progress): Promise<Dataset> {
  const stage = progress.stage(`reading ${dir}`, 100);
  const dataset = await loadDataset(dir, undefined, (share) => stage.update(Math.round(100 * share)));
  const { products, events, decisions, pairs, notes, rejected } = dataset;
  if (products.length + events.length + decisions.length + pairs.length === 0) {
    throw new Error(`nothing to train: ${dir} has no products, events, decisions or pairs`);
  }
  stage.end(`${products.length} products, ${events.length} events, ${decisions.length} decisions`);
  for (const note of notes) progress.say(`  ${note}`);
  for (const row of rejected.slice(0, 10)) progress.say(`  left out: ${row}`);
  if (rejected.length > 10) progress.say(`  left out: ${rejected.length - 10} more rows`);
  return dataset;
}

/** @returns undefined where the log is too thin, which is said and is no failure */
async function learnPolicy(
  learning: Dataset,
  spec: ReturnType<typeof fitSpec>,
  encoders: EncoderModels,
  options: TrainingOptions,
  holdout: number,
): Promise<PolicyModel | undefined> {
  try {
    const histories = learning.decisions.map(({ history }) => history);
    const remembered = encoders.session !== undefined && histories.some((history) => history.length > 0);
    const stage = options.progress.stage('session states of the logged decisions');
    const sessionStates = remembered ? await encodeHistories(encoders, histories) : undefined;
    stage.end(`${histories.length}`);
    return await trainPolicy({ dataset: learning, spec, sessionStates, holdout, training: options });
  } catch (error) {
    if (!(error instanceof ThinEvidence)) throw error;
    options.progress.say(`no policy: ${error.message}`);
    return undefined;
  }
}

/** What the release tells devices about learning on: nothing where the log does not speak for it. */
function learnedOnDevices(
  learning: Dataset,
  { q, exploration }: PolicyModel,
  progress: Progress,
): Pick<FirstMeta, 'adaptation'> {
  const { adaptation, note } = adaptationOf(learning, q, exploration.unit);
  progress.say(`policy: ${note}`);
  return adaptation === undefined ? {} : { adaptation };
}

async function parityOf(
  candidate: Bundle,
  draft: BundleDraft,
  encoders: EncoderModels,
  judging: Dataset,
): Promise<Record<string, number>> {
  const meta = await candidate.first();
  const model = decisionModelOf(meta, ((await candidate.catalogue()) ?? meta).products, candidate.manifest);
  const tensors = { ...(await candidate.tensors('first-tensors')), ...(await candidate.tensors('products')) };
  const file = (role: string) => draft.files.find((entry) => entry.role === role)?.bytes;
  const { session: trained } = encoders;
  const session = file('session-onnx');
  const fullHead = draft.trainer['head.fp32.onnx'] as Uint8Array;
  return measureParity({
    meta,
    tensors,
    int8: { head: file('head-onnx')!, ...(session && { session }) },
    fp32: { head: fullHead, ...(trained && { session: sessionOnnx(trained.parameters, trained.config) }) },
    samples: paritySamples(judging.decisions.slice(0, PARITY_DECISIONS), model),
  });
}

const firstWeeksLine = (share: number, promotions: number): string =>
  `no policy that evidence supports yet: the first of ${promotions} promotions that its own rules allow, and ${100 * share} % of decisions at random`;

function sayVerdict({ shipped, reasons }: Verdict, progress: Progress): void {
  progress.say(`${shipped ? 'SHIPS' : 'REFUSED by the evidence gate'}: ${reasons.join('; ')}`);
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Error('stopped; train again with --resume to go on from here');
}

const describe = (figures: Record<string, number>): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
    .join(', ');
