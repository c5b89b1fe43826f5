/** @file Whether the service answers, and with which reward models: for probes, routers and curious clients. */
import type { HttpRoute } from '#platform/http';
import type { FacadeServices } from './facade-annotator.js';
import { provenanceBody } from './facade-reply.js';

export function modelRoutes(services: FacadeServices): readonly HttpRoute[] {
  return [
    // During a drain it is refused with DRAINING, as everything is: whoever asks must not send more.
    { method: 'GET', path: '/health', handle: () => ({ status: 200, body: { status: 'serving' } }) },
    { method: 'GET', path: '/v1/models', handle: () => ({ status: 200, body: listOf(services) }) },
  ];
}

/** As OpenAI's API lists models, with the provenance of each. */
function listOf(services: FacadeServices): unknown {
  const data = services.rewardModels().map((id) => ({
    id,
    object: 'model',
    owned_by: 'metaapo',
    provenance: provenanceBody(services.provenanceOf(id, '0')),
  }));
  return { object: 'list', data };
}
