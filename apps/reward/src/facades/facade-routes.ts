/** @file The façades as HTTP routes: what is common to all of them, from the URL to the headers of the reply. */
import { randomUUID } from 'node:crypto';
import type { HttpRoute } from '#platform/http';
import { annotateRoute } from './annotate-json.js';
import { classify } from './classify.js';
import type { Facade } from './facade.js';
import { requestIdOf, withOverload } from './facade-call.js';
import type { FacadeAnnotator } from './facade-annotator.js';
import { facadeOptions } from './facade-options.js';
import { replyHeaders } from './facade-reply.js';
import { modelRoutes } from './model-routes.js';
import { openRlhf } from './open-rlhf.js';
import { scorePairs } from './score-pairs.js';
import { slime } from './slime.js';

const FACADES: readonly Facade[] = [openRlhf, classify, scorePairs, slime];

/** All that is served over HTTP. */
export function facadeRoutes(annotator: FacadeAnnotator): readonly HttpRoute[] {
  return [
    ...modelRoutes(annotator.services),
    ...FACADES.flatMap((facade) => facade.paths.flatMap((path) => routesOf(path, answering(facade, annotator)))),
    ...routesOf('/annotate', annotateRoute(annotator)),
  ];
}

/** Below a model's name and without one. */
function routesOf(path: string, handle: HttpRoute['handle']): HttpRoute[] {
  return [path, `/models/{name}${path}`].map((one) => ({ method: 'POST', path: one, handle }));
}

function answering(facade: Facade, annotator: FacadeAnnotator): HttpRoute['handle'] {
  return async ({ params, query, headers, body, signal }) => {
    const options = facadeOptions(query, headers, facade.defaults);
    return await withOverload(options, async () => {
      const { items, rewardModel: named } = facade.read(body, options, annotator.services.checkBatch);
      const rewardModel = annotator.rewardModelOf(params['name'] ?? named);
      const requestId = requestIdOf(headers);
      const call = { requestId, rewardModel, epoch: options.epoch, items };
      const result = await annotator.scores(call, signal);
      return {
        status: 200,
        headers: replyHeaders(result.provenance, { ...result, requestId }),
        body: facade.reply({ ...result, requestId: requestId || randomUUID(), options }),
      };
    });
  };
}
