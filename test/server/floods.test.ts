import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './support.ts';

let home: Shop & { close(): Promise<void> };
let driver = '';
beforeAll(async () => {
  home = await openShop();
  driver = (await home.post('/driver', { callsign: 'D7' })).id;
});
afterAll(() => home.close());

const MANY = 900;
const fields = (count = MANY) =>
  Object.fromEntries(Array.from({ length: count }, (_one, at) => [`_${at.toString(36)}`, 0]));

/** What a flood of wrong values is answered: the first few of them, and how many more there are. */
async function refused(path: string, body: object, least: number, status = 400) {
  const { json, text, status: given } = await home.send(path, { method: 'POST', body });
  expect(given, text.slice(0, 300)).toBe(status);
  expect(text.length).toBeLessThan(20_000);
  expect(json.details.length).toBeLessThan(60);
  if (least === 0) return json;
  expect(json.details.at(-1).untold).toBeGreaterThan(least);
  expect(json.detail).toMatch(/\(and \d+ more\)$/);
  return json;
}

describe('a body with no end of wrong values is answered briefly', () => {
  it('where an object has more fields than any record', async () => {
    const { json } = await home.send('/driver', { method: 'POST', body: fields(20_000) });
    expect(json).toMatchObject({ status: 400, hint: 'send fewer', details: [{}] });
  });

  it('where fields of a record are unknown', async () => {
    for (const path of ['/driver', `/driver/${driver}`]) {
      const { details, detail } = await refused(path, fields(), MANY - 100);
      expect(details.slice(0, 50).every((one: { field?: string }) => one.field !== undefined)).toBe(true);
      // A new driver lacks its callsign besides.
      const all = path === '/driver' ? MANY + 1 : MANY;
      expect(details.at(-1).message).toBe(`and ${all - 50} more`);
      expect(detail).toContain(`(and ${all - 1} more)`);
    }
    await refused('/customer', { firstName: 'Ann', addresses: [fields(), fields()] }, MANY);
  });

  it('where fields of any other request are unknown', async () => {
    await refused('/settings', { settings: {}, ...fields() }, MANY - 100);
    await refused('/release', { day: 20_260_112, ...fields() }, MANY - 100);
    await refused('/settings', { settings: fields() }, 0);
  });

  it('where a list is too long, or names nobody', async () => {
    const names = (count: number) => Array.from({ length: count }, (_one, at) => `x${at}`);
    await refused('/driver', { callsign: 'D8', clientCapabilities: names(50_000) }, 0);
    const { details } = await refused('/driver', { callsign: 'D8', clientCapabilities: names(500) }, 0, 404);
    expect(details).toHaveLength(50);
  });

  it('where the rows of an import give fields that nobody announced', async () => {
    const start = { kind: 'customers', mode: 'partial', fields: ['phone'], file: 'c.csv' };
    const { run } = await home.post('/import', start);
    const rows = [{ line: 2, values: fields() }];
    const answer = await home.send(`/import/${run}/rows`, { method: 'POST', body: { number: 1, rows } });
    expect(answer.json.outcomes).toMatchObject([{ line: 2, outcome: 'failed' }]);
    expect(answer.text.length).toBeLessThan(20_000);
  });

  it('and what is wrong is still all said where it is little', async () => {
    const answer = await home.send('/driver', { method: 'POST', body: { colour: 1, callsigm: 'D8' } });
    expect(answer.json.details.map((one: { hint: string }) => one.hint)).toEqual([
      expect.stringContaining('the fields are'),
      'did you mean callsign?',
      'give callsign, such as D7',
    ]);
    expect(answer.json.detail).toContain('(and 2 more)');
  });
});
