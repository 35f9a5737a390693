/** The frames: each seats one shopper after another, until told to stop. */

import { PERSONAS } from '../shoppers/personas.ts';
import {
  type Part,
  type SeatPace,
  type SeatWord,
  type SoFar,
  seatAddress,
  seatOf,
  type VisitReport,
} from './seat.ts';

export interface Seat {
  number: number;
  frame: HTMLIFrameElement;
  part: Part;
  state: 'walking' | 'waiting';
  soFar: SoFar;
  /** The newest release it has taken up while it was open. */
  release?: number;
}

export interface SeatsOptions {
  /** Called after every change. */
  changed(): void;
  /** Somebody left: the visit is over. */
  left(report: VisitReport): void;
  failed(message: string): void;
}

/** A frame that says nothing for so long is given to the next shopper. */
const SILENT_MS = 150_000;

export class Seats {
  readonly taken = new Map<number, Seat>();
  private pace: SeatPace = 'fast';
  private seed = 1;
  private running = false;
  private readonly silence = new Map<number, ReturnType<typeof setTimeout>>();

  constructor(private readonly options: SeatsOptions) {
    addEventListener('message', this.hear);
  }

  get open(): boolean {
    return this.running;
  }

  start(count: number, pace: SeatPace, shares: boolean): void {
    this.pace = pace;
    this.running = true;
    for (let number = 1; number <= count; number++) this.seat(number, shares);
  }

  /** Nobody else comes in; who is here is shown out at once. */
  stop(): void {
    this.running = false;
    for (const number of [...this.taken.keys()]) this.clear(number);
    this.options.changed();
  }

  close(): void {
    this.stop();
    removeEventListener('message', this.hear);
  }

  private seat(number: number, shares: boolean): void {
    this.clear(number);
    const persona = PERSONAS[this.seed % PERSONAS.length]!;
    const part: Part = { persona: persona.name, seed: this.seed++, pace: this.pace, shares };
    const frame = document.createElement('iframe');
    frame.title = `${persona.name}, ${number}`;
    frame.tabIndex = -1;
    frame.src = seatAddress(location, number, part);
    const soFar: SoFar = { decisions: [], claims: [], looked: [], returned: false };
    this.taken.set(number, { number, frame, part, state: 'walking', soFar });
    this.silence.set(
      number,
      setTimeout(() => {
        this.options.failed(`${persona.name}: silent for ${SILENT_MS / 1000} s`);
        this.next(number);
      }, SILENT_MS),
    );
    this.options.changed();
  }

  private clear(number: number): void {
    clearTimeout(this.silence.get(number));
    this.taken.get(number)?.frame.remove();
    this.taken.delete(number);
  }

  private next(number: number): void {
    const shares = this.taken.get(number)?.part.shares ?? false;
    this.clear(number);
    if (this.running) this.seat(number, shares);
    else this.options.changed();
  }

  /** Only frames that we opened, from the origin that we gave them, are heard. */
  private readonly hear = ({ data, origin, source }: MessageEvent<SeatWord>): void => {
    const seat = [...this.taken.values()].find(({ frame }) => frame.contentWindow === source);
    if (seat === undefined || seatOf(new URL(origin).host) === undefined) return;
    if (data.qa === 'left' || data.qa === 'failed') {
      if (data.qa === 'left') this.options.left(data.report);
      else this.options.failed(`${seat.part.persona}: ${data.message}`);
      this.next(seat.number);
      return;
    }
    if (data.qa === 'release') seat.release = data.release;
    else if (data.qa === 'so-far') seat.soFar = data.soFar;
    else seat.state = data.qa;
    this.options.changed();
  };
}
