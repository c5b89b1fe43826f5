/**
 * @file Where models of the Hugging Face Hub come from and where they are kept, under the names that Python's
 * huggingface_hub reads, so that one setting serves both.
 */
import { z } from 'zod';
import { optional, pathVariable, textVariable, variable } from './variable.js';

export const HUB_VARIABLES = {
  hubHome: optional(
    pathVariable({
      name: 'HF_HOME',
      description: 'Folder of everything about the Hub, login included; absent: ~/.cache/huggingface.',
      example: '/data/huggingface',
    }),
  ),
  hubCache: optional(
    pathVariable({
      name: 'HF_HUB_CACHE',
      description: 'Folder that models named by hub name are fetched into; absent: hub below HF_HOME.',
      example: '/data/huggingface/hub',
    }),
  ),
  hubEndpoint: variable({
    name: 'HF_ENDPOINT',
    description: 'Hub, or a mirror of it.',
    rule: 'http or https URL',
    example: 'https://hub.example.org',
    default: 'https://huggingface.co',
    schema: z.url({ protocol: /^https?$/ }),
  }),
  hubToken: optional(
    textVariable({
      name: 'HF_TOKEN',
      description: 'Token for private and gated models; absent: that of `hf auth login`.',
      example: 'hf_…',
    }),
  ),
  hubOffline: variable({
    name: 'HF_HUB_OFFLINE',
    description: 'Use only what is cached.',
    rule: '1, ON, YES or TRUE; 0, OFF, NO or FALSE',
    example: '1',
    default: '0',
    schema: z
      .string()
      .regex(/^(1|ON|YES|TRUE|0|OFF|NO|FALSE)$/i)
      .transform((text) => /^(1|ON|YES|TRUE)$/i.test(text)),
  }),
} as const;
