import { describe, expect, it } from 'vitest';
import { dataFolder, type LaunchFlags, launch } from '../../src/config/launch.ts';
import { testHost } from '../../src/host.ts';

const at = (flags: LaunchFlags, env: Record<string, string> = {}) =>
  launch(flags, testHost({ cwd: '/home/ops', env: { HOME: '/home/ann', ...env }, userName: 'ann' }));

describe('where the data is', () => {
  it.each([
    ['the user’s data folder', {}, {}, '/home/ann/.local/share/tph/tph.db'],
    ['XDG_DATA_HOME', {}, { XDG_DATA_HOME: '/data' }, '/data/tph/tph.db'],
    ['not a relative XDG_DATA_HOME', {}, { XDG_DATA_HOME: 'data' }, '/home/ann/.local/share/tph/tph.db'],
    ['TPH_DB', {}, { TPH_DB: 'a.db' }, '/home/ops/a.db'],
    ['not an empty TPH_DB', {}, { TPH_DB: '' }, '/home/ann/.local/share/tph/tph.db'],
    ['--db before TPH_DB', { db: '../b.db' }, { TPH_DB: 'a.db' }, '/home/b.db'],
  ])('%s', (_title, flags, env, location) => {
    expect(at(flags, env).location).toBe(location);
  });

  it('is the home folder of the system where HOME is not set', () => {
    expect(dataFolder({})).toMatch(/^\/.*\/\.local\/share$/);
  });

  it('takes the URL of a PostgreSQL database as it is', () => {
    expect(at({ db: 'postgres://u:secret@h/db' }).location).toBe('postgres://u:secret@h/db');
  });

  it.each(['', '  ', 'a\0b', 'postgres:u:secret@h/db'])('refuses %j, without repeating a password', (db) => {
    expect(() => at({ db })).toThrow(/^--db (?!.*secret)/);
  });
});

describe('for whom and as whom', () => {
  it('takes flags before the environment before defaults', () => {
    expect(at({})).toMatchObject({ client: undefined, actor: 'ann', lockWaitMs: 30_000, moments: [] });
    expect(at({}, { TPH_CLIENT: 'A' })).toMatchObject({ client: 'A' });
    expect(at({ client: 'B' }, { TPH_CLIENT: 'A' })).toMatchObject({ client: 'B' });
    expect(at({ actor: ' desk ', lockWait: '2m', at: '+1d' }, { TPH_NOW: '2026-01-01' })).toMatchObject({
      actor: 'desk',
      lockWaitMs: 120_000,
      moments: [
        { text: '2026-01-01', from: 'TPH_NOW' },
        { text: '+1d', from: '--at' },
      ],
    });
  });

  it.each([[{ lockWait: '-1s' }], [{ lockWait: '2d' }], [{ actor: '' }], [{ actor: 'a\nb' }]])(
    'refuses %j',
    (flags) => {
      expect(() => at(flags)).toThrow(expect.objectContaining({ code: 'INVALID' }));
    },
  );
});
