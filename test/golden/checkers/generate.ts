/** @file Kind `generate`: greedy decoding, token by token the same. */
import { present } from '#core';
import type { GeneratedSample } from '#ml/engine';
import type { ChatMessage } from '#ml/tokenizer';
import type { Checker } from '../checker.js';
import { loadTokenizer, withEngine } from '../model-fixture.js';

interface Content {
  readonly eos_token_id: number;
  readonly max_new_tokens: number;
  readonly runs: readonly {
    readonly messages: readonly ChatMessage[];
    readonly prompt_ids: readonly number[];
    readonly new_ids: readonly number[];
    readonly text: string;
    /** Absent in cases of real models, as the next. */
    readonly text_with_special?: string;
    readonly stopped_by_eos?: boolean;
  }[];
}

export const checkGenerate: Checker = (golden, measure) =>
  withEngine(golden, async (engine) => {
    const content = golden.as<Content>();
    const tokenizer = await loadTokenizer(golden);
    measure.exact('end token', 'all', tokenizer.eosTokenId, content.eos_token_id);
    const samples = new Map<number, GeneratedSample>();
    await engine.generate(
      {
        policy: null,
        rows: content.runs.map(({ prompt_ids: prompt }) => ({ prompt, seed: 0n })),
        samplesPerPrompt: 1,
        sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens: content.max_new_tokens, stop: [] },
      },
      (sample) => void samples.set(sample.rowIndex, sample),
    );
    content.runs.forEach((run, index) => {
      const part = `run ${index}`;
      const { tokenIds, finishReason } = present(samples.get(index), `sample of ${part}`);
      const isEnded = finishReason === 'stop_token';
      const newIds = isEnded ? [...tokenIds, content.eos_token_id] : [...tokenIds];
      const prompt = tokenizer.encodePrompt({ kind: 'conversation', messages: run.messages });
      measure.exact('prompt ids', part, prompt, run.prompt_ids);
      measure.exact('new ids', part, newIds, run.new_ids);
      const ends = run.stopped_by_eos ?? run.new_ids.at(-1) === content.eos_token_id;
      measure.exact('stopped by the end token', part, isEnded, ends);
      measure.exact('text', part, tokenizer.decode(newIds, { skipSpecial: true }), run.text);
      if (run.text_with_special === undefined) return;
      const withSpecial = tokenizer.decode(newIds, { skipSpecial: false });
      measure.exact('text with special tokens', part, withSpecial, run.text_with_special);
    });
  });
