import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run as program } from '../../src/main.ts';
import { type Cli, emptyFolder, locationOf } from './support.ts';

/** A database with a client in Dublin. */
async function office(): Promise<Cli & { readonly file: (name: string, text: string) => void }> {
  const cli = emptyFolder();
  await cli.tph('init', '--name', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE');
  return { ...cli, file: (name, text) => writeFileSync(join(cli.folder, name), text) };
}

describe('an import that takes away the last approval of a passenger', () => {
  it('wants --yes besides --reason, and says so before', async () => {
    const { tph, file } = await office();
    await tph('driver', 'add', 'D07');
    await tph('scp', 'add', 'SCP-1');
    await tph('pref', 'add', '--driver', 'D07', '--scp', 'SCP-1', '--mode', 'HARD');
    file('approvals.csv', 'driver,scp,mode\nD07,SCP-1,SOFT\n');
    const words = ['import', 'approvals', 'approvals.csv', '--on-conflict', 'update'];
    for (const more of [[], ['--reason', 'r'], ['--yes'], ['--reason', 'r', '-n']]) {
      const refused = await tph(...words, ...more);
      expect({ more, code: refused.code }).toEqual({ more, code: 3 });
      expect(refused.out.replace(/[\s│]+/g, ' ')).toMatch(/--reason and confirm with --yes/);
    }
    expect((await tph('pref', 'list', '-o', 'json')).json()).toMatchObject([{ mode: 'HARD' }]);
    expect(await tph(...words, '--reason', 'r', '--yes', '-n')).toMatchObject({ code: 0 });
    expect(await tph(...words, '--reason', 'r', '--yes')).toMatchObject({ code: 0 });
  });
});

describe('an import that is stopped by --max-errors', () => {
  it('says which line was the first that was not read, and how to go on', async () => {
    const { tph, file } = await office();
    const rows = ['A,085 012 3400', 'B,none', 'C,085 012 3401'].join('\n');
    file('few.csv', `first name,phone\n${rows}\n`);
    const { out, code } = await tph(
      'import',
      'customers',
      'few.csv',
      '--mode',
      'partial',
      '--max-errors',
      '1',
    );
    expect(code).toBe(3);
    expect(out).toContain('line 4 and what follows it was not looked at');
    expect(out).toContain('go on with tph import customers few.csv --mode partial (rows');
  });
});

describe('progress on a terminal', () => {
  it('is taken away before anything else is written', async () => {
    for (const more of [[], ['-o', 'jsonl']]) {
      const { file, folder } = await office();
      file('few.csv', 'first name,phone\nAnn,085 012 3400\n');
      const env = { HOME: folder, TPH_DB: await locationOf(folder), NO_COLOR: '1' };
      const host = testHost({ cwd: folder, env, tty: true });
      await program(['node', 'tph', 'import', 'customers', 'few.csv', ...more], host);
      const shown = host.err().replaceAll('\u001b[K', '<end>');
      expect(shown).toMatch(/\rfew\.csv [^<\n]*<end>\r<end>few\.csv: UTF-8/);
      expect(shown).not.toMatch(/\r[^<\r\n]+<end>[^\r]/);
    }
  });
});

describe('small things about imports', () => {
  it('takes a key in other letters for the same', async () => {
    const { tph, file } = await office();
    await tph('driver', 'add', 'D07', '--first-name', 'Ann');
    file('same.csv', 'callsign,first name\nd07,Ann\n');
    expect((await tph('import', 'drivers', 'same.csv', '-o', 'json')).json()).toMatchObject({ unchanged: 1 });
    file('other.csv', 'callsign,first name\nd07,Bea\n');
    await tph('import', 'drivers', 'other.csv', '--on-conflict', 'update');
    const [driver] = (await tph('driver', 'list', '-o', 'json')).json() as { id: string; callsign: string }[];
    expect(driver).toMatchObject({ callsign: 'D07', firstName: 'Bea' });
    file('renamed.csv', `id,callsign\n${driver?.id},d07\n`);
    await tph('import', 'drivers', 'renamed.csv', '--on-conflict', 'update');
    expect((await tph('driver', 'list', '-o', 'json')).json()).toMatchObject([{ callsign: 'd07' }]);
  });

  it('says that there are no rows, what --key may be, and that a run is missing', async () => {
    const { tph, file } = await office();
    file('none.csv', 'callsign,first name\n');
    expect((await tph('import', 'drivers', 'none.csv')).out).toContain('no rows');
    const key = await tph('import', 'drivers', 'none.csv', '--key', 'qqqqqqqq');
    expect(key).toMatchObject({ code: 2 });
    expect(key.err).toContain('give callsign or internalKey');
    const undo = await tph('import', 'undo');
    expect(undo).toMatchObject({ code: 2 });
    expect(undo.err).toContain('<run> is missing');
  });

  it('names a department of another account by its name, warns of numbers that were shortened, refuses 31 February', async () => {
    const { tph, file } = await office();
    for (const ref of ['ACME', 'OTHER', '1.00E+05']) await tph('account', 'add', ref);
    await tph('dept', 'add', '--account', 'OTHER', '--name', 'Sales');
    await tph('customer', 'add', '--phone', '085 012 3400');
    file('emp.csv', 'customer,account,accountDepartments\n085 012 3400,ACME,OTHER/Sales\n');
    const { problems } = (await tph('import', 'employees', 'emp.csv', '-o', 'json')).json() as {
      problems: { message: string }[];
    };
    expect(problems[0]?.message).toMatch(/^the department `Sales` \(G\d+\) in accountDepartments/);
    file('short.csv', 'phone,account no\n085 012 3401,1.00E+05\n');
    const short = (await tph('import', 'customers', 'short.csv', '-o', 'json')).json();
    expect(short).toMatchObject({ created: 1, warnings: 1, countedWarnings: [{ column: 'account no' }] });
    file('feb.csv', 'ref,name,end date\nSR-1,x,31/02/2027\n');
    const february = (await tph('import', 'recurring', 'feb.csv', '-o', 'json')).json();
    expect(february).toMatchObject({ problems: [{ message: expect.stringContaining('is no date') }] });
  });

  it('shows notes of several lines in one', async () => {
    const { tph, file } = await office();
    file('notes.csv', 'phone,notes\n085 012 3400,"one\n  two"\n');
    expect((await tph('import', 'customers', 'notes.csv', '-n')).out).toContain('one ⏎ two');
  });

  it('does not leave passwords unmentioned in the failed file', async () => {
    const { tph, file, folder } = await office();
    file('pw.csv', 'phone,password\nnone such,Secret-12345\n');
    const { err } = await tph('import', 'customers', 'pw.csv', '--map', 'password=password');
    expect(err).toContain('has the passwords of its rows in clear');
    const failed = readdirSync(folder).find((name) => name.endsWith('.failed.csv')) ?? '';
    expect(readFileSync(join(folder, failed), 'utf8')).toContain('Secret-12345');
  });
});

describe('tph export', () => {
  it('does not replace a file unless that is asked for', async () => {
    const { tph, file, folder } = await office();
    file('mine.csv', 'my own work\n');
    const refused = await tph('export', 'drivers', 'mine.csv');
    expect(refused).toMatchObject({ code: 6 });
    expect(refused.err).toContain('--yes');
    expect(readFileSync(join(folder, 'mine.csv'), 'utf8')).toBe('my own work\n');
    expect(await tph('export', 'drivers', 'mine.csv', '--yes')).toMatchObject({ code: 0 });
    expect(await tph('export', 'drivers', '/dev/full')).toMatchObject({ code: 7 });
  });

  it('escapes what some program may run or an import would read as nothing', async () => {
    const { tph, file } = await office();
    const notes = ['–', '—', '＝1+1', 'x;=1+1', "'–"];
    file(
      'odd.csv',
      `callsign,first name\n${notes.map((text, at) => `D${at},"${text.startsWith("'") ? `'${text}` : text === 'x;=1+1' ? text : `'${text}`}"`).join('\n')}\n`,
    );
    await tph('import', 'drivers', 'odd.csv');
    const { out } = await tph('export', 'drivers', '--fields', 'callsign,firstName');
    expect(out.trim().split('\n').slice(1)).toEqual(["D0,'–", "D1,'—", "D2,'＝1+1", 'D3,"x;=1+1"', "D4,''–"]);
    file('again.csv', out);
    expect((await tph('import', 'drivers', 'again.csv', '-o', 'json')).json()).toMatchObject({
      unchanged: 5,
    });
  });
});

describe('tph client list', () => {
  it('lists them where there are several, and what is about one still asks which', async () => {
    const cli = await office();
    await cli.tph('client', 'create', 'Shannon Cabs', '--time-zone', 'Europe/Dublin', '--country', 'IE');
    const list = await cli.tph('client', 'list', '-o', 'json');
    expect(list).toMatchObject({ code: 0 });
    expect(list.json()).toMatchObject([{ name: 'Liffey Cars' }, { name: 'Shannon Cabs' }]);
    expect(await cli.tph('client', 'list', '--at', 'tomorrow')).toMatchObject({ code: 0 });
    const drivers = await cli.tph('driver', 'list');
    expect(drivers).toMatchObject({ code: 2 });
    expect(drivers.err).toContain('which one?');
  });
});
