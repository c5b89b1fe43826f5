import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import {
  assertFenced,
  assertHardened,
  assertOutward,
  assertProbedOverHttp,
  assertWired,
  containerOf,
  envOf,
  isOfRuntime,
  one,
  portOf,
  prefixOf,
  probesOf,
  workloadOf,
} from './assertions.js';
import {
  APPS,
  K8S,
  SKIP_BUILD,
  build,
  documentedVariables,
  kustomizations,
  writtenIn,
  writtenManifests,
  type App,
} from './manifests.js';

describe('manifests as written', () => {
  it('name only files that exist in every kustomization, and leave none out', () => {
    for (const { folder, content } of kustomizations()) {
      const resources = (content['resources'] ?? []) as string[];
      const patches = ((content['patches'] ?? []) as { path?: string }[]).flatMap(({ path }) => path ?? []);
      const generators = (content['configMapGenerator'] ?? []) as { files: string[] }[];
      const named = [...resources, ...patches, ...generators.flatMap(({ files }) => files)];
      const where = relative(K8S, folder);
      for (const name of named) ok(existsSync(join(folder, name)), `${where} names ${name}, which does not exist`);
      const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
      for (const file of files) ok(named.includes(file), `${where} leaves out ${file}`);
    }
  });

  it('keep overlays to patches: no resource but the base', () => {
    for (const { folder, content } of kustomizations()) {
      if (!relative(K8S, folder).startsWith('overlays')) continue;
      deepEqual(content['resources'], ['../../base']);
    }
  });

  for (const app of APPS) {
    it(`run ${app} hardened, wired and fenced`, () => {
      const manifests = writtenManifests(app);
      assertHardened(manifests, app);
      assertWired(manifests, app);
      assertFenced(manifests, app);
      deepEqual(containerOf(manifests, app).args, [`dist/apps/${app}/src/main.js`]);
    });

    it(`set only variables that ${app} has, on its default ports`, () => {
      const documented = documentedVariables(app);
      const container = containerOf(writtenManifests(app), app);
      const own = (container.env ?? []).filter(({ name }) => !isOfRuntime(name));
      for (const { name } of own) ok(documented.has(name), `${name} is a variable of ${app}`);
      for (const name of [`${prefixOf(app)}_ADDRESS`, `${prefixOf(app)}_ADMIN_ADDRESS`]) {
        if (documented.has(name)) equal(portOf(envOf(container, name)), portOf(documented.get(name)), name);
      }
    });
  }

  it('probe a reward service behind TLS over HTTP, on a port that it has, instead of over gRPC', () => {
    const patch = containerOf(writtenIn('components/reward-tls'), 'reward');
    assertProbedOverHttp(patch);
    for (const probe of probesOf(patch)) equal(probe?.grpc, null, 'a patch takes away what the base says');
    ok(containerOf(writtenManifests('reward'), 'reward').ports.some(({ name }) => name === 'metrics'));
  });

  it('let a reward service out to judges and name their keys, where its component is switched on', () => {
    const manifests = writtenIn('components/reward-outward');
    assertOutward(one(manifests, 'NetworkPolicy', 'reward-outward'));
    deepEqual(containerOf(manifests, 'reward').envFrom, [{ secretRef: { name: 'reward-keys' } }]);
  });

  it('point the trainer at the services by name and port', () => {
    const trainer = containerOf(writtenManifests('trainer'), 'trainer');
    const portNamed = (app: App, port: string) =>
      containerOf(writtenManifests(app), app).ports.find(({ name }) => name === port)?.containerPort;
    equal(envOf(trainer, 'TRAINER_POLICY_ADDRESSES'), `dns:///policy:${portNamed('policy', 'grpc')}`);
    equal(envOf(trainer, 'TRAINER_POLICY_ADMIN_ADDRESSES'), `dns:///policy:${portNamed('policy', 'admin')}`);
    equal(envOf(trainer, 'TRAINER_REWARD_ADDRESSES'), `dns:///reward:${portNamed('reward', 'grpc')}`);
    equal(envOf(trainer, 'TRAINER_META_LEARNER_ADDRESS'), `meta-learner:${portNamed('meta-learner', 'grpc')}`);
  });

  it('lead to the admin port of rewards by no name that callers use, and to every replica by its own', () => {
    const manifests = writtenManifests('reward');
    deepEqual(
      one(manifests, 'Service', 'reward').spec.ports.map(({ name }) => name),
      ['grpc', 'metrics'],
    );
    const admin = one(manifests, 'Service', 'reward-admin').spec;
    deepEqual([admin.clusterIP, admin.ports.map(({ name }) => name)], ['None', ['admin']]);
  });

  it('give each reward replica a volume for its state, and a name', () => {
    const { spec } = workloadOf(writtenManifests('reward'), 'reward');
    const mount = spec.template.spec.containers[0]?.volumeMounts?.find(({ name }) => name === 'state')?.mountPath ?? '';
    equal(spec.serviceName, 'reward');
    deepEqual(
      spec.volumeClaimTemplates?.map(({ metadata }) => metadata.name),
      ['state'],
    );
    for (const name of ['REWARD_STATE_PATH', 'REWARD_REQUEST_CACHE_PATH']) {
      ok(envOf(containerOf(writtenManifests('reward'), 'reward'), name)?.startsWith(`${mount}/`), name);
    }
  });

  it('have a headless service wherever the trainer looks a name up', () => {
    for (const app of ['policy', 'reward'] as const) {
      equal(one(writtenManifests(app), 'Service', app).spec.clusterIP, 'None', `${app} has every pod behind its name`);
    }
  });
});

describe('manifests as built', { skip: SKIP_BUILD }, () => {
  for (const folder of ['base', 'overlays/local']) {
    it(`stay hardened, wired and fenced in ${folder}`, () => {
      const manifests = build(folder);
      for (const app of APPS) {
        assertHardened(manifests, app);
        assertWired(manifests, app);
        assertFenced(manifests, app);
        equal(workloadOf(manifests, app).metadata.labels?.['app.kubernetes.io/part-of'], 'metaapo');
      }
    });
  }

  it('need no claim, no registry and one namespace in the local overlay', () => {
    const manifests = build('overlays/local');
    for (const manifest of manifests) equal(manifest.metadata.namespace, 'metaapo', manifest.metadata.name);
    ok(!manifests.some(({ kind }) => kind === 'PersistentVolumeClaim'));
    for (const app of APPS) {
      const { template, volumeClaimTemplates } = workloadOf(manifests, app).spec;
      const { containers, volumes } = template.spec;
      equal(volumeClaimTemplates, undefined);
      equal(containers[0]?.image, 'metaapo:local');
      ok(!volumes?.some((volume) => volume.persistentVolumeClaim));
    }
  });

  it('serve rewards over HTTP once its component is switched on, wired and fenced as the rest', () => {
    const manifests = build('overlays/local', ['reward-http']);
    assertWired(manifests, 'reward');
    assertFenced(manifests, 'reward');
    const { ports, env } = containerOf(manifests, 'reward');
    const address = env?.find(({ name }) => name === 'REWARD_HTTP_ADDRESS')?.value;
    equal(portOf(address), ports.find(({ name }) => name === 'http')?.containerPort);
  });

  it('serve rewards behind TLS once its component is switched on, with variables that exist and secrets that are mounted', () => {
    const manifests = build('overlays/local', ['reward-tls']);
    for (const app of ['reward', 'trainer'] as const) {
      assertHardened(manifests, app);
      assertFenced(manifests, app);
      const container = containerOf(manifests, app);
      const variables = (container.env ?? []).filter(({ name }) => name.includes('TLS'));
      ok(variables.length > 0);
      const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
      for (const { name, value = '' } of variables) {
        ok(documentedVariables(app).has(name), `${name} is a variable of ${app}`);
        if (!name.endsWith('_PATH')) continue;
        ok(
          mounts.some((mount) => value.startsWith(`${mount}/`)),
          `${value} is mounted`,
        );
      }
    }
    assertProbedOverHttp(containerOf(manifests, 'reward'));
    for (const probe of probesOf(containerOf(manifests, 'reward'))) equal(probe?.grpc, undefined);
  });

  it('let rewards out once their component is switched on, fenced and hardened as the rest', () => {
    const manifests = build('overlays/local', ['reward-outward']);
    assertHardened(manifests, 'reward');
    assertWired(manifests, 'reward');
    assertFenced(manifests, 'reward');
    deepEqual(containerOf(manifests, 'reward').envFrom, [{ secretRef: { name: 'reward-keys' } }]);
    assertOutward(one(manifests, 'NetworkPolicy', 'reward-outward'));
  });

  it('send telemetry to the collector once its component is switched on', () => {
    const manifests = build('overlays/local', ['otel-collector']);
    assertHardened(manifests, 'otel-collector');
    const port = one(manifests, 'Service', 'otel-collector').spec.ports[0]?.port;
    for (const app of APPS) {
      equal(envOf(containerOf(manifests, app), 'OTEL_EXPORTER_OTLP_ENDPOINT'), `http://otel-collector:${port}`);
    }
  });
});
