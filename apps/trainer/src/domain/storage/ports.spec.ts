/** The same statements about journal and ledger, whatever database is behind them. */
import { describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { digestOf } from '#core';
import { storageBackends, type OpenedStorage } from '../../../../../test/support/storage-backends.js';
import { pinFact } from '../run/run-directory.js';
import type { StepRecord } from './journal.js';
import { annotationCounts, countersOf, type Buyer, type LedgerEntry } from './ledger.js';
import { LEASE_MS } from './sql/sql-ledger.js';
import { noteEntry, noteKey } from './unit-note.js';

const KEY = { iteration: 0, phase: 'score', unit: 3 };
const REQUEST = digestOf('request');
const UNIT = { key: KEY, requestDigest: REQUEST, result: Buffer.from('result'), elapsedMs: 5.5 };

const BUYER: Buyer = { runId: 'run', attempt: 1, unit: '0/annotate/0' };

function stepOf(step: number): StepRecord {
  return {
    iteration: 0,
    phase: 'train',
    step,
    adapterDigest: digestOf(`adapter ${step}`),
    adapterArtifact: digestOf(`file ${step}`),
    momentsArtifact: digestOf(`moments ${step}`),
    learningRate: 1e-5,
    gradientNorm: 0.1 + 0.2,
    loss: -1 / 3,
    statistics: '[]',
  };
}

function entryOf(response: string, score: number): LedgerEntry {
  return {
    weightsDigest: 'sha256:reward',
    promptDigest: digestOf('prompt'),
    responseDigest: digestOf(response),
    score,
    components: { b: 2, a: 1 },
    provenance: '{}',
  };
}

for (const backend of storageBackends()) {
  const opened = async (work: (storage: OpenedStorage) => Promise<void>): Promise<void> => {
    const place = await backend.place();
    const storage = await place.open();
    try {
      await work(storage);
    } finally {
      await storage.close();
    }
  };

  describe(`the journal on ${backend.name}`, { skip: backend.skip }, () => {
    it('gives back after it was opened anew what was committed, to the bit', async () => {
      const place = await backend.place();
      const first = await place.open();
      await first.journal.commit({ units: [UNIT], step: stepOf(0), counters: { 'paid.training': 3 } });
      const state = { version: 1, iteration: -1, state: '{"a":"ö"}', loss: null, gradientNorm: null };
      await first.journal.commit({ metaState: state });
      await first.journal.commit({ metaState: { ...state, version: 2, loss: 0.1, gradientNorm: 1e-300 } });
      await first.journal.commit({ wallTime: { iteration: 0, phase: 'score', wallMs: 1.5 } });
      await first.journal.commit({ wallTime: { iteration: 0, phase: 'score', wallMs: 2 } });
      await first.close();
      const second = await place.open();
      const { journal } = second;
      deepEqual(Buffer.from((await journal.result(KEY, REQUEST)) ?? []), UNIT.result);
      deepEqual(await journal.steps(0, 'train'), [stepOf(0)]);
      deepEqual(await journal.metaStates(), [state, { ...state, version: 2, loss: 0.1, gradientNorm: 1e-300 }]);
      deepEqual(await journal.wallTimes(), new Map([['score', 3.5]]));
      deepEqual(await journal.latencies(), [{ phase: 'score', elapsedMs: 5.5 }]);
      equal(await journal.unitCount(0, 'score'), 1);
      equal(await journal.unitCountBelow('sco'), 1);
      equal(await journal.unitCountBelow('train'), 0);
      equal(await journal.adapterArtifact(digestOf('adapter 0')), digestOf('file 0'));
      equal(await journal.adapterArtifact(digestOf('other')), undefined);
      const { steps, metaUpdates } = journal.totals;
      deepEqual({ steps, metaUpdates }, { steps: 1, metaUpdates: 1 });
      equal(journal.totals.counter('paid.training'), 3);
      await second.close();
    });

    it('refuses a unit of the same name but of another request', async () => {
      await opened(async ({ journal }) => {
        await journal.commit({ units: [UNIT] });
        await rejects(journal.result(KEY, digestOf('another')), { code: 'JOURNAL_MISMATCH' });
      });
    });

    it('writes all of a commit or nothing', async () => {
      await opened(async ({ journal }) => {
        await journal.commit({ units: [UNIT] });
        const other = { ...UNIT, key: { ...KEY, unit: 4 } };
        // The second unit is there already.
        const commit = { units: [other, UNIT], facts: { a: 'b' }, counters: { c: 1 }, step: stepOf(0) };
        await rejects(journal.commit(commit));
        equal(await journal.fact('a'), undefined);
        equal(await journal.result(other.key, REQUEST), undefined);
        equal(journal.totals.counter('c'), 0);
        equal(journal.totals.steps, 0);
      });
    });

    it('drops the gradients of a step that was committed, and the moments of the step before', async () => {
      await opened(async ({ journal }) => {
        const key = { iteration: 0, phase: 'train', unit: 0 };
        const unit = { key, requestDigest: REQUEST, elapsedMs: 2 };
        await journal.commit({ units: [{ ...unit, result: Buffer.from('gradient') }] });
        await journal.commit({ step: stepOf(0), spentUnits: [unit] });
        equal(await journal.result(key, REQUEST), undefined);
        await journal.commit({ step: stepOf(1) });
        deepEqual(await journal.artifactsInUse(), new Set([digestOf('file 1'), digestOf('moments 1')]));
        equal(journal.totals.steps, 2);
        await journal.commit({ spentMoments: { iteration: 0, phase: 'train' } });
        deepEqual(await journal.artifactsInUse(), new Set([digestOf('file 1')]));
      });
    });

    it('keeps what the last checkpoint needs while steps between checkpoints pass', async () => {
      await opened(async ({ journal }) => {
        await journal.commit({ step: stepOf(0) });
        await journal.commit({ step: { ...stepOf(1), adapterArtifact: null, momentsArtifact: null } });
        deepEqual(await journal.artifactsInUse(), new Set([digestOf('file 0'), digestOf('moments 0')]));
      });
    });

    it('forgets a phase, and only that', async () => {
      await opened(async ({ journal }) => {
        const other = { ...UNIT, key: { ...KEY, phase: 'generate' } };
        await journal.commit({ units: [UNIT, noteEntry(UNIT, { items: ['row'] }), other] });
        await journal.commit({ forgottenUnits: { iteration: 0, phase: 'score' } });
        equal(await journal.result(KEY, REQUEST), undefined);
        equal(await journal.result(noteKey(KEY), REQUEST), undefined, 'nor what was noted of it');
        equal(await journal.unitCount(0, 'generate'), 1);
      });
    });

    it('holds a run to its inputs', async () => {
      await opened(async ({ journal }) => {
        await pinFact(journal, 'data', 'sha256:a');
        await pinFact(journal, 'data', 'sha256:a');
        await rejects(pinFact(journal, 'data', 'sha256:b'), { code: 'RUN_CONFIG_CHANGED' });
      });
    });

    it('names an entry that was altered, and does not use it', async () => {
      await opened(async ({ journal, alter }) => {
        const state = { version: 1, iteration: -1, state: '{}', loss: null, gradientNorm: null };
        await journal.commit({ units: [UNIT], step: stepOf(0), metaState: state });
        await alter(`UPDATE units SET digest = 'sha256:0'`);
        await alter(`UPDATE steps SET loss = 1`);
        await alter(`UPDATE meta_updates SET state = '{ }'`);
        await rejects(journal.result(KEY, REQUEST), { code: 'JOURNAL_DAMAGED', message: /0\/score\/3/ });
        await rejects(journal.steps(0, 'train'), { code: 'JOURNAL_DAMAGED', message: /step 0 of 0\/train/ });
        await rejects(journal.metaStates(), { code: 'JOURNAL_DAMAGED', message: /state 1/ });
      });
    });
  });

  describe(`the ledger on ${backend.name}`, { skip: backend.skip }, () => {
    it('knows a score by reward, prompt and response', async () => {
      await opened(async ({ ledger }) => {
        await ledger.add([entryOf('x', 0.1), entryOf('y', -0)], { buyer: BUYER, purpose: 'training' });
        const other = { ...entryOf('x', 0), weightsDigest: 'sha256:another' };
        deepEqual(await ledger.scores([entryOf('y', 9), other, entryOf('x', 9)]), [0, undefined, 0.1]);
      });
    });

    it('tells with each score which epoch of which model gave it', async () => {
      await opened(async ({ ledger }) => {
        const entry = { ...entryOf('x', 1), provenance: '{"epoch":"7"}', components: { tone: 0.5 } };
        await ledger.add([entry], { buyer: BUYER, purpose: 'training' });
        deepEqual(await ledger.entries([entryOf('y', 0), entry]), [undefined, entry]);
      });
    });

    it('keeps the first score of a text', async () => {
      await opened(async ({ ledger }) => {
        await ledger.add([entryOf('x', 1)], { buyer: BUYER, purpose: 'training' });
        const other = { ...BUYER, runId: 'other' };
        await ledger.add([entryOf('x', 2), entryOf('y', 3)], { buyer: other, purpose: 'training' });
        deepEqual(await ledger.scores([entryOf('x', 0), entryOf('y', 0)]), [1, 3]);
        const [claim] = await ledger.claim([entryOf('x', 0)], BUYER);
        deepEqual(claim, { kind: 'held', score: 1, own: true });
      });
    });

    it('grants a claim to one buyer, and tells others how long it lasts', async () => {
      await opened(async ({ ledger, clock }) => {
        const keys = [entryOf('x', 0), entryOf('y', 0)];
        deepEqual(await ledger.claim(keys, BUYER), [{ kind: 'granted' }, { kind: 'granted' }]);
        const other = { ...BUYER, runId: 'other' };
        const untilMs = clock.nowMs() + LEASE_MS;
        deepEqual(await ledger.claim(keys, other), [
          { kind: 'elsewhere', untilMs },
          { kind: 'elsewhere', untilMs },
        ]);
        const [sameRun] = await ledger.claim(keys, { ...BUYER, unit: '0/annotate/1' });
        equal(sameRun?.kind, 'elsewhere');
        clock.advance(1000);
        deepEqual(await ledger.claim(keys, BUYER), [{ kind: 'granted' }, { kind: 'granted' }], 'extended');
        deepEqual(await ledger.claim(keys.slice(0, 1), other), [{ kind: 'elsewhere', untilMs: untilMs + 1000 }]);
      });
    });

    it('passes a claim on when its time is up, to a later process of the same run, and when it is released', async () => {
      await opened(async ({ ledger, clock }) => {
        const keys = [entryOf('x', 0)];
        await ledger.claim(keys, BUYER);
        const later = { ...BUYER, attempt: 2, unit: '0/annotate/7' };
        deepEqual(await ledger.claim(keys, later), [{ kind: 'granted' }]);
        clock.advance(LEASE_MS);
        const other = { ...BUYER, runId: 'other' };
        deepEqual(await ledger.claim(keys, other), [{ kind: 'granted' }]);
        equal((await ledger.claim(keys, later))[0]?.kind, 'elsewhere');
        await ledger.release(other);
        deepEqual(await ledger.claim(keys, later), [{ kind: 'granted' }]);
      });
    });

    it('tells a unit what it has bought itself, in whatever process', async () => {
      await opened(async ({ ledger }) => {
        await ledger.add([entryOf('x', 1)], { buyer: BUYER, purpose: 'training' });
        const [own] = await ledger.claim([entryOf('x', 0)], { ...BUYER, attempt: 2 });
        deepEqual(own, { kind: 'held', score: 1, own: true });
        const [found] = await ledger.claim([entryOf('x', 0)], { ...BUYER, unit: '1/annotate/0' });
        deepEqual(found, { kind: 'held', score: 1, own: false });
      });
    });

    it('names a score that was altered, and does not use it', async () => {
      await opened(async ({ ledger, alter }) => {
        await ledger.add([entryOf('x', 1)], { buyer: BUYER, purpose: 'training' });
        await alter('UPDATE ledger SET score = 0');
        await rejects(ledger.scores([entryOf('x', 0)]), { code: 'LEDGER_DAMAGED' });
      });
    });

    it("leaves a run's bill to its journal", async () => {
      await opened(async ({ journal }) => {
        await journal.commit({ counters: countersOf('training', { paid: 2, fromLedger: 4 }) });
        await journal.commit({ counters: countersOf('evaluation', { paid: 1, fromLedger: 0 }) });
        deepEqual(annotationCounts(journal.totals, 'training'), { paid: 2, fromLedger: 4 });
        deepEqual(annotationCounts(journal.totals, 'evaluation'), { paid: 1, fromLedger: 0 });
        deepEqual(
          journal.totals.countersBelow('paid.'),
          new Map([
            ['training', 2],
            ['evaluation', 1],
          ]),
        );
      });
    });
  });
}
