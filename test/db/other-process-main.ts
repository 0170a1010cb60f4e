// The other process of the tests: does one thing to a database and prints the outcome as JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import type { OperationName } from '../../src/contract/api.ts';
import { migrateSqlite } from '../../src/db/schema.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { TphError } from '../../src/values/error.ts';
import type { Instant } from '../../src/values/instant.ts';
import type { Outcome, Task } from './other-process.ts';
import { grownPlan } from './plan.ts';

async function run(task: Task): Promise<unknown> {
  const session = {
    client: undefined,
    actor: 'other',
    reason: null,
    nowMs: Date.UTC(2026, 0, 12, 12),
    lockWaitMs: 20_000,
  };
  switch (task.does) {
    case 'create':
      return openStore(task.file)
        .admin(session)
        .create({ name: task.name, timeZone: 'Europe/Dublin', country: 'IE' });
    case 'call': {
      const api = await openStore(task.file).open({ ...session, nowMs: task.now * 1000 });
      const answers: unknown[] = [];
      for (const [operation, input] of task.calls)
        answers.push(await outcome(api.call(operation as OperationName, input as never)));
      await api.close();
      return answers;
    }
    case 'write': {
      const api = await openStore(task.file).open(session);
      for (let n = 0; n < task.count; n += 1)
        await api.call('driver.create', { callsign: `${task.name} ${n}` });
      await api.close();
      return task.count;
    }
    case 'hold': {
      const connection = new BetterSqlite3(task.file);
      connection.exec('begin immediate');
      process.stdout.write('holding\n');
      await sleep(task.forMs);
      connection.exec('commit');
      connection.close();
      return 'let go';
    }
    case 'migrate': {
      const database = openSqlite({ file: task.file, lockWaitMs: 20_000 });
      const migrated = await migrateSqlite(database, 1_768_219_200 as Instant, task.name, grownPlan());
      await database.close();
      return migrated;
    }
  }
}

const outcome = (run: Promise<unknown>): Promise<Outcome> =>
  run.then(
    (value) => ({ value }),
    (error: unknown) => ({ code: error instanceof TphError ? error.code : 'RAW', message: String(error) }),
  );

process.stdout.write(`${JSON.stringify(await outcome(run(JSON.parse(process.argv[2] ?? '') as Task)))}\n`);
