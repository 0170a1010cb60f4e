// The thread that reads and checks a file while the main one writes; scripts/build.mjs makes a file of its own of it.
import { parentPort, workerData } from 'node:worker_threads';
import type { Batch } from './batch.ts';
import { LocalReading } from './local-reading.ts';
import type { KeepFiles, Reading, ReadingPlan, Settled } from './reading.ts';
import { type Answered, type Asked, sent } from './worker-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this is started as a worker thread');

const reading: Promise<Reading> = LocalReading.open(workerData as ReadingPlan);
let last: Promise<unknown> = reading.catch(() => undefined);

async function answer({ call, argument }: Asked): Promise<unknown> {
  const open = await reading;
  switch (call) {
    case 'settle':
      return open.settle(argument as Settled);
    case 'keep':
      return open.keep(argument as KeepFiles);
    case 'survey':
    case 'fields':
    case 'next':
    case 'sha256':
    case 'close':
      return open[call]();
  }
}

port.on('message', (asked: Asked) => {
  last = last.then(async () => {
    try {
      const value = await answer(asked);
      const buffers =
        asked.call === 'next' && value !== null ? [(value as Batch).lines.buffer as ArrayBuffer] : [];
      port.postMessage({ ok: true, value } satisfies Answered, buffers);
    } catch (error) {
      port.postMessage({ ok: false, error: sent(error) } satisfies Answered);
    }
  });
});
