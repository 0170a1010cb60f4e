import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createDatabase, session, useFolder, using } from './files.ts';
import { useOtherProcesses } from './other-process.ts';

const folder = useFolder();
const otherProcess = useOtherProcesses();
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

test('a database, its log, its backups and what a restore keeps are for their owner alone', async () => {
  const file = join(folder, 'modes.db');
  const store = await createDatabase(file);
  const api = await store.open(session);
  await api.call('driver.create', { callsign: 'D1' });
  expect([mode(file), mode(`${file}-wal`), mode(`${file}-shm`)]).toEqual(['600', '600', '600']);
  await api.close();
  await store.admin(session).backup(join(folder, 'backup.db'));
  const { kept } = await store.admin(session).restore(join(folder, 'backup.db'));
  expect([mode(join(folder, 'backup.db')), mode(kept ?? ''), mode(file)]).toEqual(['600', '600', '600']);
  expect((await store.admin(session).status()).mode).toBe('600');
});

/** Root may write everywhere, so that it needs somebody else to be refused. */
const uid = process.getuid?.() === 0 ? 65_534 : undefined;
const canStart =
  spawnSync(
    process.execPath,
    ['-e', `require(${JSON.stringify(fileURLToPath(import.meta.resolve('better-sqlite3')))})`],
    {
      ...(uid === undefined ? {} : { uid }),
    },
  ).status === 0;

/** A folder with a database that has a group whose override has run out, all of it the other user's. */
async function owned(name: string, fileMode: number, folderMode: number): Promise<string> {
  const own = join(folder, name);
  mkdirSync(own, { mode: 0o700 });
  const file = join(own, 'tph.db');
  await using(await createDatabase(file), (api) =>
    api.call('scheduleExclusionGroup.create', {
      name: 'Snow',
      mode: 'RUN_OFF',
      scheduleResumeDay: 20_260_113 as never,
    }),
  );
  chmodSync(folder, 0o755);
  chmodSync(file, fileMode);
  chmodSync(own, folderMode);
  if (uid !== undefined) for (const path of [file, own]) chownSync(path, uid, uid);
  return file;
}

describe('where another user may not write', () => {
  /** Two days after the resume day. */
  const now = Date.UTC(2026, 0, 15, 12) / 1000;
  const call = (file: string, ...calls: readonly (readonly [string, object])[]) =>
    otherProcess({ does: 'call', file, calls, now }, { uid });

  test.for([
    ['a read-only file', 0o400, 0o700],
    ['a read-only folder', 0o600, 0o500],
    ['a read-only file in a read-only folder', 0o400, 0o500],
  ] as const)(
    '%s: reading answers, a revert is only computed, writing is UNAVAILABLE',
    async ([name, fileMode, folderMode], { skip }) => {
      skip(!canStart, 'no other user can be started here');
      const file = await owned(name.replaceAll(' ', '-'), fileMode, folderMode);
      const refused = { code: 'UNAVAILABLE', message: expect.stringContaining('tph.db` cannot be written') };
      const group = { value: { mode: 'RUN_SCHEDULE', scheduleResumeDay: null } };
      expect(
        await call(
          file,
          ['scheduleExclusionGroup.get', { ref: 'Snow' }],
          ['driver.create', { callsign: 'D1' }],
          ['scheduleExclusionGroup.set', { ref: 'Snow', mode: 'RUN_ON' }],
          ['scheduleExclusionGroup.get', { ref: 'Snow' }],
          ['scheduleExclusionGroup.status', { ref: 'Snow', day: 20_260_115 }],
        ),
      ).toMatchObject({
        value: [group, refused, refused, group, { value: { state: 'ON', storedMode: 'RUN_OFF' } }],
      });
    },
  );

  test('a file or a folder that may not even be read', async ({ skip }) => {
    skip(!canStart, 'no other user can be started here');
    for (const [name, fileMode, folderMode] of [
      ['unreadable-file', 0o000, 0o700],
      ['unreadable-folder', 0o600, 0o000],
    ] as const)
      expect(await call(await owned(name, fileMode, folderMode))).toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('no database can be made in a folder that takes none', async ({ skip }) => {
    skip(!canStart, 'no other user can be started here');
    const file = await owned('takes-none', 0o600, 0o500);
    const made = await otherProcess(
      { does: 'create', file: join(file, '..', 'new.db'), name: 'New' },
      { uid },
    );
    expect(made.code).toBe('UNAVAILABLE');
  });
});
