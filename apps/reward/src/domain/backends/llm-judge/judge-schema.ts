/** @file The JSON schema of a verdict, for servers that can be held to one. */
import type { JudgeSettings } from './judge-settings.js';

type Schema = Readonly<Record<string, unknown>>;

export function pointwiseSchema({ scoreMin, scoreMax, withReason }: JudgeSettings): Schema {
  return objectOf({ ...reasonField(withReason), score: { type: 'number', minimum: scoreMin, maximum: scoreMax } });
}

export function pairwiseSchema({ withReason }: JudgeSettings): Schema {
  return objectOf({ ...reasonField(withReason), verdict: { type: 'string', enum: ['A', 'B', 'tie'] } });
}

/** First: what is written before a verdict may still move it. */
const reasonField = (withReason: boolean): Schema => (withReason ? { reason: { type: 'string' } } : {});

function objectOf(properties: Schema): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
