/**
 * `/qa`: the loop, watched. Shoppers in frames of the real shop; each step with its numbers; a round of training started
 * from here, its verdict whatever it is, and what the next release does differently. Nothing is reloaded.
 */

import './qa.css';
import { render } from 'lit-html';
import type { App } from '../shop/app.ts';
import { promoEdge } from '../shop/promo-edge.ts';
import { type PersonaAnswer, PersonaMoments } from './persona-moments.ts';
import { type Probed, probe } from './probe.ts';
import type { LoopState, RoundOrder } from './round.ts';
import type { SeatPace, VisitReport } from './seat.ts';
import { Seats } from './seats.ts';
import { qaView } from './view.ts';

export interface Watched {
  app: App;
  seats: Seats;
  visits: readonly VisitReport[];
  failures: readonly string[];
  /** Undefined where this server has no loop to turn. */
  loop: LoopState | undefined;
  /** Of every release that this page has run, oldest first. */
  probes: readonly Probed[];
  /** What each of them would do with the shoppers' own decisions. */
  answers: readonly PersonaAnswer[];
  letIn(count: number, pace: SeatPace, shares: boolean): void;
  turn(order: RoundOrder): void;
  /** Publishes what the gate held back. */
  overrule(): void;
}

const LOOK_MS = 2000;
const KEPT_FAILURES = 5;

/** Draws the page into `root` until what it gives back is called. */
export function openQa(root: HTMLElement, app: App): () => void {
  const visits: VisitReport[] = [];
  const failures: string[] = [];
  const probes: Probed[] = [];
  let loop: LoopState | undefined;
  let looked = false;
  // What depends on the first look's answer would move everything below.
  const draw = (): void => void (looked && render(qaView(watched()), root));
  const failed = (message: string): void => {
    failures.push(message);
    if (failures.length > KEPT_FAILURES) failures.shift();
    draw();
  };
  const moments = new PersonaMoments({ changed: draw, failed });
  const left = (report: VisitReport): void => {
    visits.push(report);
    moments.add(report.persona, report.kept);
  };
  const seats = new Seats({ changed: draw, failed, left });
  const watched = (): Watched => ({
    ...{ app, seats, visits, failures, loop, probes, answers: moments.answers },
    letIn: (count, pace, shares) => seats.start(count, pace, shares),
    turn: (order) => void post('rounds', order).then(look, (error) => failed(String(error))),
    overrule: () => void post('overrule', {}).then(look, (error) => failed(String(error))),
  });

  const look = async (): Promise<void> => {
    loop = await fetch('/api/qa/state')
      .then((response) => (response.ok ? (response.json() as Promise<LoopState>) : undefined))
      .catch(() => undefined);
    looked = true;
    draw();
  };
  const ask = (): void =>
    promoEdge(async (edge) => {
      const probed = await probe(edge);
      if (probed === undefined || probes.some(({ release }) => release === probed.release)) return;
      probes.push(probed);
      moments.take(probed.release);
      draw();
    });
  let stopHearing = (): void => undefined;
  promoEdge((edge) => {
    void edge.ready().then(ask);
    stopHearing = edge.on('release', ask);
  });
  void look();
  const looking = setInterval(() => void look(), LOOK_MS);
  const unsubscribe = app.store.subscribe(draw);
  return () => {
    clearInterval(looking);
    unsubscribe();
    stopHearing();
    seats.close();
  };
}

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(`/api/qa/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const { error } = (await response.json()) as { error: { message: string } };
  throw new Error(error.message);
}
