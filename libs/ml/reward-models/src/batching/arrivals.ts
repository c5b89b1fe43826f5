/**
 * @file Inputs on their way to the tokenizer. Calls take turns, one input each, so that a call of a thousand responses
 * keeps nobody waiting who brings one.
 */
import { present } from '#core';
import type { Arrived } from './work.js';

/** Characters that are made into tokens before the thread listens again: about ten milliseconds' work. */
const GROUP_CHARACTERS_MAX = 32_768;
const GROUP_COUNT_MAX = 32;

/** A call's inputs, and how many of them were taken. */
interface Turn {
  readonly inputs: Arrived[];
  taken: number;
}

export class Arrivals {
  /** In the order of their turns. */
  private readonly calls = new Map<number, Turn>();

  /** @param turns false serves calls one after the other */
  constructor(private readonly turns: boolean) {}

  get isEmpty(): boolean {
    return this.calls.size === 0;
  }

  add(arrived: readonly Arrived[]): void {
    for (const one of arrived) {
      const own = this.calls.get(one.callId);
      if (own) own.inputs.push(one);
      else this.calls.set(one.callId, { inputs: [one], taken: 0 });
    }
  }

  drop(callId: number): void {
    this.calls.delete(callId);
  }

  /** The inputs of the next step; none only when nothing waits. */
  nextGroup(): Arrived[] {
    const group: Arrived[] = [];
    let characters = 0;
    for (let turn = this.first(); turn !== undefined; turn = this.first()) {
      const next = present(turn.inputs[turn.taken], 'input whose turn it is');
      const length = next.input.prompt.text.length + next.input.response.length;
      const isFull = group.length >= GROUP_COUNT_MAX || characters + length > GROUP_CHARACTERS_MAX;
      if (group.length > 0 && (isFull || next.alone)) break;
      group.push(next);
      this.advance(next.callId, turn);
      characters += length;
      if (next.alone) break;
    }
    return group;
  }

  private first(): Turn | undefined {
    const [turn] = this.calls.values();
    return turn;
  }

  private advance(callId: number, turn: Turn): void {
    turn.taken += 1;
    const isOver = turn.taken === turn.inputs.length;
    if (isOver || this.turns) this.calls.delete(callId);
    if (!isOver && this.turns) this.calls.set(callId, turn);
  }
}
