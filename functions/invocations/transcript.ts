// What a run has to tell, and to whom: at most one stream listens; one that comes later hears what it must know.
import type { Checkpoint, Ended, LogLine, Progress, Reply, StreamMessage } from "../contract.ts";

/** Lines that nobody heard yet, kept for the next stream (a relay that restarts). The newest are kept. */
export const unheardLinesMax = 1_000;

export interface Listener {
  send(message: StreamMessage): void;
  /** Nothing more will come. */
  end(): void;
}

export type Outcome = { reply: Reply; ended: null } | { reply: null; ended: Ended };

export class Transcript {
  #listener: Listener | null = null;
  #beat = 0;
  #progress: Progress | null = null;
  #checkpoint: Checkpoint | null = null;
  #checkpointNumber = 0;
  #unheard: LogLine[] = [];
  #unheardDropped = 0;
  #outcome: Outcome | null = null;
  #isAcknowledged = false;
  readonly #onBeat: (beat: number) => void;

  /** @param onBeat is told each beat right before it is sent */
  constructor(onBeat: (beat: number) => void = () => undefined) {
    this.#onBeat = onBeat;
  }

  get outcome(): Outcome | null {
    return this.#outcome;
  }
  /** The newest one, if it is not acknowledged yet. */
  get checkpointToSave(): Checkpoint | null {
    return this.#checkpoint;
  }
  /** About the memory that it takes. */
  get bytes(): number {
    const reply = this.#outcome?.reply;
    const texts = [this.#checkpoint?.archive, reply?.data?.machine?.archive, reply?.transitioningMessage];
    return [...texts, ...this.#unheard.map(({ line }) => line)].reduce((sum, text) => sum + (text?.length ?? 0), 0);
  }

  /** Takes the place of the one that listened before: that one's reader is gone, or will be. */
  attach(listener: Listener): void {
    this.#listener?.end();
    this.#listener = listener;
    this.beat();
    if (this.#progress !== null) listener.send({ event: "progress", data: this.#progress });
    this.#sendUnheard(listener);
    if (this.#checkpoint !== null) listener.send({ event: "checkpoint", data: this.#checkpoint });
    if (this.#outcome !== null) this.#sendOutcome(this.#outcome);
  }

  /** Its reader has gone. */
  detach(listener: Listener): void {
    if (this.#listener === listener) this.#listener = null;
  }

  /** Only to a stream: a beat that nobody was sent keeps nothing alive. */
  beat(): void {
    if (this.#listener === null) return;
    this.#beat += 1;
    this.#onBeat(this.#beat);
    this.#listener.send({ event: "beat", data: { number: this.#beat } });
  }

  progress(progress: Progress): void {
    if (this.#outcome !== null) return;
    this.#progress = progress;
    this.#listener?.send({ event: "progress", data: progress });
  }

  log(line: LogLine): void {
    if (this.#outcome !== null) return;
    if (this.#listener !== null) {
      this.#listener.send({ event: "log", data: line });
      return;
    }
    this.#unheard.push(line);
    if (this.#unheard.length <= unheardLinesMax) return;
    this.#unheard.shift();
    this.#unheardDropped += 1;
  }

  checkpoint(archive: string): void {
    if (this.#outcome !== null) return;
    this.#checkpointNumber += 1;
    this.#checkpoint = { number: this.#checkpointNumber, archive };
    this.#listener?.send({ event: "checkpoint", data: this.#checkpoint });
  }

  /**
   * It is on the relay's disk, and so are those before it.
   * @returns is there such a checkpoint? 0 stands for none.
   */
  acknowledgeCheckpoint(number: number): boolean {
    if (number > this.#checkpointNumber) return false;
    if (this.#checkpoint !== null && this.#checkpoint.number <= number) this.#checkpoint = null;
    return true;
  }

  /** The outcome is on the relay's disk: nothing of the run has to be kept, but that it is over. */
  forgetContents(): void {
    this.#checkpoint = null;
    this.#progress = null;
    this.#unheard = [];
    this.#outcome = {
      reply: null,
      ended: this.#outcome?.ended ?? { clean: true, reason: "It has replied, and its reply was acknowledged." },
    };
    this.#isAcknowledged = true;
  }
  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** Exactly once. Nothing is told after it. */
  finish(outcome: Outcome): void {
    if (this.#outcome !== null) throw new Error("A run has one outcome");
    this.#outcome = outcome;
    this.#sendOutcome(outcome);
  }

  #sendUnheard(listener: Listener): void {
    const lines = this.#unheard;
    if (this.#unheardDropped > 0) {
      lines.unshift({ stream: "note", line: `(${this.#unheardDropped} lines were printed while nobody listened)` });
    }
    this.#unheard = [];
    this.#unheardDropped = 0;
    for (const line of lines) listener.send({ event: "log", data: line });
  }

  #sendOutcome(outcome: Outcome): void {
    const listener = this.#listener;
    this.#listener = null;
    if (outcome.reply !== null) listener?.send({ event: "reply", data: outcome.reply });
    else listener?.send({ event: "ended", data: outcome.ended });
    listener?.end();
  }
}
