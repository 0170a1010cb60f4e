// `node bench/http/run.mjs [rounds]`: requests a second and p99 latency of the server, each beside a bare Fastify
// route that answers the same bytes, in turns of a second on loopback; processor time a request; and how long the
// event loop was held up at worst. Medians of the rounds. Each case asks for one thing after another: records, pages,
// trips. "busy": while somebody else commits a change every 20 ms, after each of which nothing is known from memory.
// Then, for a client of 10,000 drivers and 10,000 runs a day, how long the largest single requests take, and for how
// long they hold up the loop.
import { fork } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { root } from '../../scripts/support/project.mjs';
import { bundled } from '../support/bundled.mjs';
import { line, median, ratioOf } from '../support/report.mjs';

const rounds = Number(process.argv[2] ?? 5);
const ROUND = 1;
const DRIVERS = 500;
const LARGE = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'tph-bench-'));
const log = openSync(devNull, 'a');

/** @typedef {{ url: string, child: import('node:child_process').ChildProcess }} Running */

/** @param {string} file @param {string[]} words @returns {Promise<Running>} */
function start(file, words) {
  // The log goes where it costs a write and nothing more.
  const child = fork(file, words, { stdio: ['ignore', 'inherit', log, 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      const { url } = /** @type {{ url: string }} */ (message);
      resolve({ url, child });
    });
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)));
  });
}

/** @param {Running} server @returns {Promise<{ longestMs: number, cpuMicroseconds: number }>} since it was reset */
function spent({ child }) {
  return new Promise((resolve) => {
    child.once('message', (message) =>
      resolve(/** @type {{ longestMs: number, cpuMicroseconds: number }} */ (message)),
    );
    child.send('measure');
  });
}

/** @param {Running} server @param {readonly string[]} paths asked in turn @param {Record<string, string>} headers */
async function measure(server, paths, headers) {
  server.child.send('reset');
  const result = await autocannon({
    url: server.url,
    headers,
    duration: ROUND,
    connections: 20,
    requests: paths.map((path) => ({ method: 'GET', path })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${paths[0]}: ${result.non2xx} refused, ${result.errors} failed`);
  const { longestMs, cpuMicroseconds } = await spent(server);
  return {
    perSecond: result.requests.average,
    p99: result.latency.p99,
    cpu: cpuMicroseconds / result.requests.total,
    longestMs,
  };
}

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */

/** @param {readonly Measured[]} rounds @param {keyof Measured} name */
const middle = (rounds, name) => median(rounds.map((round) => round[name]));

/** @param {string} name @param {string} method @param {string} path @param {object} [body] */
const request = (name, method, path, body) => ({ name, method, path, body });

/** @param {Running} server @param {ReturnType<typeof request>} request @param {Record<string, string>} headers */
async function once(server, { method, path, body }, headers) {
  server.child.send('reset');
  const began = performance.now();
  const answer = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const bytes = (await answer.arrayBuffer()).byteLength;
  const ms = performance.now() - began;
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return { ms, bytes, longestMs: (await spent(server)).longestMs };
}

/** @type {import('../support/report.mjs').Ratio[]} */
const ratios = [];
/** How many of the bare route's requests a second each is to do. @type {Record<string, number>} */
const AT_LEAST = { 'GET one': 0.4 };

/** The most memory that a server has held; 0 where the system has no /proc. @param {Running} server */
function peakMb({ child }) {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** @type {Running[]} */
const servers = [];
/** @param {string} file @param {string[]} words */
async function running(file, words) {
  const server = await start(file, words);
  servers.push(server);
  return server;
}

/** @param {string} file @param {typeof import('./data.ts').prepare} prepare */
async function compare(file, prepare) {
  const database = join(folder, 'tph.db');
  const { token, client, drivers, trips } = await prepare(database, DRIVERS);
  const headers = { authorization: `Bearer ${token}` };
  const calm = await running(file, ['tph', database]);
  const pages = [`/client/${client}/driver?limit=100`];
  for (let next = pages[0]; next !== undefined; ) {
    const { nextCursor } = /** @type {{ nextCursor: string | null }} */ (
      await (await fetch(calm.url + next, { headers })).json()
    );
    next = nextCursor === null ? undefined : `${pages[0]}&cursor=${nextCursor}`;
    if (next !== undefined) pages.push(next);
  }
  const records = drivers.map((id) => `/client/${client}/driver/${id}`);
  const decisions = trips.map((id) => `/client/${client}/trip/${id}/eligible`);
  line(['', 'tph/s', 'bare/s', 'ratio', 'p99 ms', 'bare p99', 'cpu µs', 'bare cpu', 'held ms'], 16);
  for (const kind of ['calm', 'busy']) {
    const tph = kind === 'calm' ? calm : await running(file, ['busy', database]);
    for (const [name, paths] of Object.entries({
      'GET one': records,
      'list 100': pages,
      eligible: decisions,
    }))
      await compareOne(kind === 'calm' ? name : `${name}, busy`, file, tph, paths, headers);
    tph.child.kill();
  }
}

/** @param {string} name @param {string} file @param {Running} tph @param {readonly string[]} paths @param {Record<string, string>} headers */
async function compareOne(name, file, tph, paths, headers) {
  const body = await (await fetch(tph.url + paths[0], { headers })).text();
  const bare = await running(file, ['bare', Buffer.from(body).toString('base64')]);
  await measure(tph, paths, headers);
  await measure(bare, ['/bytes'], headers);
  /** @type {Measured[]} */
  const own = [];
  /** @type {Measured[]} */
  const other = [];
  // In turns, so that whatever else the machine does weighs on both.
  for (let round = 0; round < rounds; round += 1) {
    own.push(await measure(tph, paths, headers));
    other.push(await measure(bare, ['/bytes'], headers));
  }
  bare.child.kill();
  ratios.push({
    name,
    against: 'requests a second of a bare route',
    ...ratioOf(own.map(({ perSecond }, round) => perSecond / (other[round]?.perSecond ?? Number.NaN))),
    ...(AT_LEAST[name] === undefined ? {} : { atLeast: AT_LEAST[name] }),
    peakMb: peakMb(tph),
  });
  const cells = [
    Math.round(middle(own, 'perSecond')),
    Math.round(middle(other, 'perSecond')),
    (middle(own, 'perSecond') / middle(other, 'perSecond')).toFixed(2),
    middle(own, 'p99'),
    middle(other, 'p99'),
    Math.round(middle(own, 'cpu')),
    Math.round(middle(other, 'cpu')),
    middle(own, 'longestMs').toFixed(1),
  ];
  line([name, ...cells], 16);
}

/** @param {string} file @param {typeof import('./large.ts').prepareLarge} prepareLarge */
async function largest(file, prepareLarge) {
  const database = join(folder, 'large.db');
  const { token, client, group, day } = await prepareLarge(database, LARGE);
  const headers = { authorization: `Bearer ${token}` };
  const tph = await running(file, ['tph', database]);
  const home = `/client/${client}`;
  await once(tph, request('', 'GET', `${home}/driver?limit=1`), headers);
  /** @type {Map<string, Awaited<ReturnType<typeof once>>[]>} */
  const all = new Map();
  // Each round ends with a change, so that the next begins with nothing in memory.
  for (let round = 0; round < rounds; round += 1)
    for (const one of largestRequests(home, group, addDays(day, round))) {
      const found = await once(tph, one, headers);
      all.set(one.name, [...(all.get(one.name) ?? []), found]);
    }
  line(['', 'ms', 'KB', 'held ms'], 40);
  for (const [name, found] of all) {
    /** @param {'ms' | 'bytes' | 'longestMs'} what */
    const of = (what) => median(found.map((one) => one[what]));
    line([name, Math.round(of('ms')), Math.round(of('bytes') / 1024), of('longestMs').toFixed(1)], 40);
    ratios.push({
      name: `${name}, held ms`,
      against: `the loop's 50 ms, ${LARGE} drivers and runs`,
      ...ratioOf(found.map(({ longestMs }) => longestMs)),
      aim: 50,
      peakMb: peakMb(tph),
    });
  }
}

/** @param {string} home @param {string} group @param {number} day */
function largestRequests(home, group, day) {
  const explained = `${home}/eligible?scps=SCP-1&explain=true`;
  const calendar = `${home}/scheduleexclusioncalendar?from=${day}&to=${addDays(day, 30)}`;
  const off = { mode: 'RUN_OFF', startDay: day, endDay: day };
  return [
    request('list 500', 'GET', `${home}/driver?limit=500`),
    request('eligible, explained', 'GET', explained),
    request('eligible, explained, again', 'GET', explained),
    request('release of a day, preview', 'GET', `${home}/release?day=${day}`),
    request('calendar of 31 days', 'GET', calendar),
    request(
      'exclusion set, impact of 7 days',
      'POST',
      `${home}/scheduleexclusiongroup/${group}/mode?dryRun=true`,
      off,
    ),
    request('release of a day', 'POST', `${home}/release`, { day }),
  ];
}

/** @param {number} day `YYYYMMDD` @param {number} count */
function addDays(day, count) {
  const text = String(day);
  const date = new Date(
    Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6)) + count),
  );
  return Number(date.toISOString().slice(0, 10).replaceAll('-', ''));
}

try {
  const file = await bundled('http/server.ts');
  await compare(file, (await import(await bundled('http/data.ts'))).prepare);
  process.stdout.write('\n');
  await largest(file, (await import(await bundled('http/large.ts'))).prepareLarge);
  const json = join(root, '.cache', 'bench-http.json');
  writeFileSync(json, `${JSON.stringify({ node: process.version, rounds, ratios }, null, 2)}\n`);
} finally {
  for (const { child } of servers) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
