import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { finished, Program, type Ran } from './program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The command lines of the recipes, as cron hands them to the shell. */
const recipes = [...readFileSync(join(root, 'docs/cron.md'), 'utf8').matchAll(/```cron\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => /^[\d*]/.test(line))
  .map((line) => line.replace(/^(?:\S+\s+){5}/, '').replaceAll('\\%', '%'));

const recipe = (beginning: string): string => {
  const found = recipes.find((line) => line.includes(beginning));
  if (found === undefined) throw new Error(`docs/cron.md has no recipe with ${beginning}`);
  return found;
};

/** The environment of a job: what cron sets, and the head of the crontab. */
class Crontab {
  readonly program = new Program();
  readonly #env: NodeJS.ProcessEnv;

  /** A Saturday, unless told. */
  constructor(now = '2026-01-17T05:00:00Z') {
    const bin = join(this.program.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'tph'), `#!/bin/sh\nexec '${process.execPath}' '${root}/bin/tph.js' "$@"\n`);
    chmodSync(join(bin, 'tph'), 0o755);
    const { folder: HOME, db: TPH_DB } = this.program;
    this.#env = {
      HOME,
      LOGNAME: 'ops',
      SHELL: '/bin/sh',
      PATH: `${bin}:/usr/bin:/bin`,
      TPH_DB,
      TPH_NOW: now,
    };
  }

  /** Starts a line as cron does: by sh, in the home folder, without a terminal. */
  start(line: string): Promise<Ran> {
    return finished(
      spawn('/bin/sh', ['-c', line], {
        cwd: this.program.folder,
        env: this.#env,
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
  }

  /** What a line prints as JSON. */
  async json<T = Record<string, unknown>>(line: string): Promise<T> {
    const { stdout, stderr } = await this.start(`${line} -o json`);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  /** How many changes the audit trail has. */
  events(): number {
    const database = new BetterSqlite3(this.program.db, { readonly: true });
    try {
      return database.prepare('select count(*) from audit_event').pluck().get() as number;
    } finally {
      database.close();
    }
  }
}

/** An operator with whom all is well. */
async function wellCrontab(): Promise<Crontab> {
  const crontab = new Crontab();
  const { program } = crontab;
  await program.init();
  for (const words of [
    ['exclusion', 'create', 'Bad Weather'],
    ['customer', 'create', '--first-name', 'Cara', '--phone', '+353850123456'],
    ['recurring', 'create', 'SR-1', '--time', '08:15 daily', '--customer', '+353850123456'],
    ['exclusion', 'link', 'Bad Weather', 'SR-1'],
  ])
    await program.json(...words);
  return crontab;
}

const silence = { code: 0, stdout: '', stderr: '' };

describe('the recipes for cron', () => {
  it('are eight', () => expect(recipes).toHaveLength(8));

  it('are silent while all is well, and done once however often they run', { timeout: 60_000 }, async () => {
    const crontab = await wellCrontab();
    const done: number[] = [];
    for (const line of recipes) {
      const before = crontab.events();
      const first = await crontab.start(line);
      expect({ line, ...first }).toMatchObject({ line, ...silence });
      const after = crontab.events();
      done.push(after - before);
      expect(await crontab.start(line)).toMatchObject(silence);
      expect(crontab.events()).toBe(after);
    }
    const changed = recipes.filter((_line, index) => (done[index] ?? 0) > 0);
    expect(changed).toEqual([recipe('RUN_OFF'), recipe('RUN_SCHEDULE'), recipe('--commit --lock-wait 5m >')]);
    const backups = readdirSync(join(crontab.program.folder, 'tph-backups'));
    expect(backups).toEqual([expect.stringMatching(/^tph-\d{4}-\d\d-\d\d\.db$/)]);
  });

  it('tell of what they find', { timeout: 30_000 }, async () => {
    const crontab = new Crontab('2026-01-12T17:30:00Z');
    await crontab.program.json('demo', '--load');
    const expiring = await crontab.start(recipe('expiring --within 30d'));
    expect(expiring).toMatchObject({ code: 0, stderr: '' });
    expect(expiring.stdout).toMatch(/^4 runs have no approved driver left/);
    const line = await crontab.start(recipe('--exit-code').replace('--within 7d', '--within 30d'));
    expect(line).toMatchObject({ code: 0, stderr: '' });
    expect(line.stdout).toMatch(/^approvals run out within .*\n$/);
  });
});

describe('a job that fails', () => {
  it('says which command, for which client, and what to do, in two lines', { timeout: 30_000 }, async () => {
    const crontab = await wellCrontab();
    const cases: readonly (readonly [line: string, code: number, stderr: string])[] = [
      [
        'tph exclusion set "Bad Wether" RUN_OFF -q',
        5,
        'error: tph exclusion set for Liffey Cars: there is no exclusion group `Bad Wether`\nhint: did you mean `Bad Weather`?\n',
      ],
      [
        'TPH_CLIENT="Liffey Cabs" tph release --day tomorrow --commit -q',
        5,
        'error: tph release for Liffey Cabs: there is no client `Liffey Cabs`\nhint: did you mean `Liffey Cars`?\n',
      ],
      // Nobody is asked.
      [
        'TPH_CLIENT="Liffey Cars" tph exclusion set "Bad Weather" -q',
        2,
        'error: tph exclusion set for Liffey Cars: <mode> is missing\nhint: give <mode>, such as RUN_OFF\n',
      ],
    ];
    for (const [line, code, stderr] of cases)
      expect(await crontab.start(line)).toMatchObject({ code, stdout: '', stderr });
  });

  it('waits for whoever writes, and says so where that takes too long', { timeout: 30_000 }, async () => {
    const crontab = await wellCrontab();
    const writer = new BetterSqlite3(crontab.program.db);
    writer.exec('begin immediate');
    try {
      const tooLong = await crontab.start('tph exclusion set "Bad Weather" RUN_OFF -q --lock-wait 0');
      expect(tooLong).toMatchObject({ code: 7, stdout: '' });
      expect(tooLong.stderr).toMatch(/^error: tph exclusion set for Liffey Cars: .*\nhint: .*\n$/);
      let isOver = false;
      const waiting = crontab.start(recipe('RUN_OFF')).finally(() => {
        isOver = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(isOver).toBe(false);
      writer.exec('rollback');
      expect(await waiting).toMatchObject(silence);
    } finally {
      writer.close();
    }
    const group = await crontab.json('tph exclusion show "Bad Weather"');
    expect(group).toMatchObject({ mode: 'RUN_OFF', scheduleResumeDay: 20260119 });
  });
});
