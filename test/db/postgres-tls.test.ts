import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { server } from '../support/postgres.ts';
import { startServer, type TestServer } from '../support/postgres-server.ts';
import { ROLE, runSql } from '../support/postgres-sql.ts';

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write('PostgreSQL over TLS: its tests are left out, since there is no openssl\n');
    return false;
  }
}

/** A certificate for a name, and its key; signed by another's, or by itself. */
function certificate(folder: string, name: string, names: string, signedBy?: string): void {
  const at = (end: string) => join(folder, end);
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const own = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`];
  const key = ['-keyout', at(`${name}.key`)];
  const extension = ['-addext', names];
  if (signedBy === undefined) {
    openssl('req', '-x509', ...own, ...key, '-out', at(`${name}.crt`), '-days', '30', ...extension);
    return;
  }
  openssl('req', ...own, ...key, '-out', at(`${name}.csr`), ...extension);
  const signing = ['-CA', at(`${signedBy}.crt`), '-CAkey', at(`${signedBy}.key`), '-CAcreateserial'];
  openssl(
    ...['x509', '-req', '-in', at(`${name}.csr`), ...signing, '-copy_extensions', 'copy'],
    ...['-days', '30', '-out', at(`${name}.crt`)],
  );
}

describe.skipIf(server === null || !hasOpenssl())('a server that speaks TLS', () => {
  let folder: string;
  let secure: TestServer;

  const list = async (parameters: string, host = '127.0.0.1') => {
    const TPH_DB = `postgres://${ROLE}@${host}:${secure.port}/fleet?${parameters}`;
    const at = testHost({ env: { TPH_DB } });
    const code = await run(['node', 'tph', 'driver', 'list', '-q'], at);
    return { code, err: at.err() };
  };
  const rootcert = (name: string) => `sslrootcert=${encodeURIComponent(join(folder, `${name}.crt`))}`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tph-tls-'));
    certificate(folder, 'authority', 'basicConstraints=critical,CA:true');
    certificate(folder, 'stranger', 'basicConstraints=critical,CA:true');
    certificate(folder, 'server', 'subjectAltName=IP:127.0.0.1', 'authority');
    const file = (name: string) => readFileSync(join(folder, name), 'utf8');
    secure = await startServer(tmpdir(), {
      settings: { ssl: 'on' },
      files: { 'server.crt': file('server.crt'), 'server.key': file('server.key') },
    });
    await runSql(secure, 'postgres', `create role ${ROLE} login`);
    await runSql(secure, 'postgres', `create database fleet owner ${ROLE}`);
    const env = { TPH_DB: `postgres://${ROLE}@127.0.0.1:${secure.port}/fleet?sslmode=require` };
    const host = testHost({ env });
    const words = ['init', 'Liffey Cars', '--time-zone', 'Europe/Dublin', '--country', 'IE'];
    expect(await run(['node', 'tph', ...words], host), host.err()).toBe(0);
  });
  afterAll(async () => {
    await secure?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['without a look at the certificate', 'sslmode=require', () => '127.0.0.1'],
    ['with a certificate that an authority signed', 'sslmode=verify-full&authority', () => '127.0.0.1'],
    ['by an authority that is named, where nothing else is said', 'authority', () => '127.0.0.1'],
    ['with the right authority, under another name', 'sslmode=verify-ca&authority', () => 'localhost'],
    ['with an authority to compare with', 'sslmode=require&authority', () => '127.0.0.1'],
  ])('is spoken to %s', async (_what, parameters, host) => {
    const found = await list(parameters.replace('authority', rootcert('authority')), host());
    expect(found).toEqual({ code: 0, err: '' });
  });

  test('every connection is encrypted', async () => {
    const url = `postgres://${ROLE}@127.0.0.1:${secure.port}/fleet?sslmode=verify-full&${rootcert('authority')}`;
    const { openPostgres } = await import('../../src/db/postgres.ts');
    const { rows } = await import('../../src/db/statement.ts');
    const database = await openPostgres({ url, lockWaitMs: 1000 });
    const seen = await database.read((queries) =>
      rows(queries, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'),
    );
    await database.close();
    expect(seen).toEqual([{ ssl: 1n }]);
  });

  test.each([
    ['an unknown authority', 'sslmode=verify-full', '127.0.0.1', /cannot be verified\nhint: .*sslrootcert/],
    [
      'another authority',
      'sslmode=verify-full&stranger',
      '127.0.0.1',
      /cannot be verified\nhint: .*sslrootcert/,
    ],
    ['another authority, of any name', 'sslmode=verify-ca&stranger', '127.0.0.1', /cannot be verified/],
    ['another authority to compare with', 'sslmode=require&stranger', '127.0.0.1', /cannot be verified/],
    [
      'another name',
      'sslmode=verify-full&authority',
      'localhost',
      /is for another name.*\nhint: .*verify-ca/,
    ],
  ])('is refused with %s', async (_what, parameters, host, says) => {
    const asked = parameters.replace(/authority|stranger/, (name) => rootcert(name));
    const { code, err } = await list(asked, host);
    expect({ code, err }).toEqual({ code: 7, err: expect.stringMatching(says) });
  });

  test('one without TLS is not spoken to in the clear', async () => {
    const { host, port } = server as { host: string; port: number };
    const at = testHost({ env: { TPH_DB: `postgres://${ROLE}@${host}:${port}/postgres?sslmode=require` } });
    expect(await run(['node', 'tph', 'driver', 'list'], at)).toBe(7);
    expect(at.err()).toMatch(/^error: .*\nhint: .*TLS/);
  });

  test('a certificate that cannot be read is said', async () => {
    const { code, err } = await list('sslrootcert=/nowhere/ca.pem');
    expect(code).toBe(2);
    expect(err).toMatch(/sslrootcert.*\nhint: /);
  });
});
