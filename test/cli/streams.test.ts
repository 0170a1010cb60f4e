import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Host, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { type Cli, shop } from './support.ts';

/** A stream that takes some bytes, slowly, and then fails as a system does. */
function failing(code: string, after: number): Writable {
  let taken = 0;
  return new Writable({
    highWaterMark: 16,
    write: (chunk: Buffer, _encoding, done) => {
      taken += chunk.length;
      setImmediate(() => done(taken > after ? Object.assign(new Error(code), { code }) : null));
    },
  });
}

const on = (cli: Cli, streams: Partial<Host>): Host & { err(): string } => ({
  ...testHost({ cwd: cli.folder, env: { HOME: cli.folder, TPH_DB: `${cli.folder}/tph.db` } }),
  ...streams,
});

const list = (host: Host) => run(['node', 'tph', 'driver', 'list', '-o', 'json'], host);

describe('stdout', () => {
  it('is written whole before the program ends', async () => {
    const cli = await shop();
    for (let n = 0; n < 30; n += 1)
      await cli.tph('driver', 'create', `D${n}`, '--first-name', 'x'.repeat(100));
    const chunks: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 16,
      write: (chunk: Buffer, _encoding, done) => {
        setTimeout(() => {
          chunks.push(chunk);
          done();
        }, 20);
      },
    });
    expect(await list(on(cli, { stdout: slow }))).toBe(0);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toHaveLength(30);
  });

  it('that nobody reads any more ends the program quietly', async () => {
    const cli = await shop();
    const host = on(cli, { stdout: failing('EPIPE', 0) });
    expect(await list(host)).toBe(0);
    expect(host.err()).toBe('');
    expect(await run(['node', 'tph', '--help'], on(cli, { stdout: failing('EPIPE', 0) }))).toBe(0);
  });

  it('that fails in another way is an unexpected failure, without a stack trace unless -v', async () => {
    const cli = await shop();
    const host = on(cli, { stdout: failing('ENOSPC', 0) });
    expect(await run(['node', 'tph', 'driver', 'list', '-o', 'csv'], host)).toBe(1);
    expect(host.err()).toBe(
      'error: tph driver list for Liffey Cars: unexpected failure: ENOSPC\nhint: run it again with -v for more\n',
    );
    const verbose = on(cli, { stdout: failing('ENOSPC', 0) });
    expect(await run(['node', 'tph', 'driver', 'list', '-o', 'csv', '-v'], verbose)).toBe(1);
    expect(verbose.err()).toContain('    at ');
  });
});

describe('stderr', () => {
  it('names the command and the client of a failure where no terminal shows them', async () => {
    const cli = await shop();
    const text = 'there is no driver `D9`\nhint: list them with `tph driver list`\n';
    const told = async (tty: boolean, ...words: string[]) =>
      (await cli.on({ tty }).tph('driver', 'show', 'D9', '--no-color', ...words)).err;
    expect(await told(false)).toBe(`error: tph driver show for Liffey Cars: ${text}`);
    expect(await told(true)).toBe(`error: ${text}`);
    expect(await told(true, '-q')).toBe(`error: tph driver show for Liffey Cars: ${text}`);
    expect(JSON.parse(await told(false, '-o', 'json'))).toMatchObject({
      error: { message: 'there is no driver `D9`' },
    });
  });

  it('that nobody reads stops nothing, and the exit code still tells', async () => {
    const cli = await shop();
    const host = on(cli, { stderr: failing('EPIPE', 0) });
    expect(await run(['node', 'tph', 'driver', 'create', 'D7', '-n'], host)).toBe(0);
    expect(await run(['node', 'tph', 'driver', 'create', 'D7'], host)).toBe(0);
    expect(await run(['node', 'tph', 'driver', 'show', 'D8'], host)).toBe(5);
    expect((await cli.tph('driver', 'list', '-o', 'json')).json()).toHaveLength(1);
  });
});

describe('an interrupt', () => {
  it('ends a command with 130', async () => {
    const cli = await shop();
    const host = testHost({ cwd: cli.folder, env: { HOME: cli.folder, TPH_DB: `${cli.folder}/tph.db` } });
    const ended = run(['node', 'tph', 'driver', 'list'], host);
    host.interrupt();
    expect(await ended).toBe(130);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(host.err()).toBe('error: interrupted\n');
    expect(host.out()).toBe('');
  });
});

describe('colour', () => {
  const colours = (text: string) => text.includes('\u001b[');
  it.each([
    ['on a terminal', {}, [], true],
    ['not with NO_COLOR', { NO_COLOR: '1' }, [], false],
    ['with an empty NO_COLOR', { NO_COLOR: '' }, [], true],
    ['not with TERM=dumb', { TERM: 'dumb' }, [], false],
    ['not with --no-color', {}, ['--no-color'], false],
  ] as const)('%s', async (_title, env, flags, wanted) => {
    const cli = await shop();
    await cli.tph('driver', 'create', 'D7');
    const all = { HOME: cli.folder, TPH_DB: `${cli.folder}/tph.db`, ...env };
    const host = testHost({ tty: true, cwd: cli.folder, env: all });
    await run(['node', 'tph', 'driver', 'list', ...flags], host);
    expect(colours(host.out())).toBe(wanted);
    const wrong = testHost({ tty: true, cwd: cli.folder, env: all });
    await run(['node', 'tph', 'driver', 'show', 'D8', ...flags], wrong);
    expect(colours(wrong.err())).toBe(wanted);
    const piped = testHost({ cwd: cli.folder, env: all });
    await run(['node', 'tph', 'driver', 'list', ...flags], piped);
    expect(colours(piped.out())).toBe(false);
  });
});
