/**
 * @file Uses a classifier before it serves. The first passes of a session are several times as slow as later ones: memory is
 * reserved, code is compiled. A model that was just put into service would let its first callers wait for that.
 */
import type { Classifier } from '../classifier.js';

const PROMPT = { messages: [], text: 'How was it?' };
/** Of two lengths, since each length reserves memory of its own. */
const RESPONSES = ['Fine.', 'It was fine, all of it, and we would go there again.'];

/** Gives nothing and refuses nothing: what is wrong with a model, callers are told of their own inputs. */
export async function warmUp(classifier: Classifier): Promise<void> {
  for (const response of RESPONSES) {
    try {
      const encoded = classifier.encode({ prompt: PROMPT, response });
      await classifier.logits([encoded], encoded.ids.length);
    } catch {
      return;
    }
  }
}
