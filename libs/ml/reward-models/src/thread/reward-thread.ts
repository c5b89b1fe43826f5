/**
 * @file A reward model's thread: it owns the weights, and whatever it computes keeps nobody else waiting. Half of loading a
 * small model is loading the program's own modules, so these come after the priority.
 */
import { lowerPriority } from './low-priority.js';

const loaded = lowerPriority();
const { serve } = await import('./serve.js');
await serve(loaded);
