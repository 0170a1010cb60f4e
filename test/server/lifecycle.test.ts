import { describe, expect, it } from 'vitest';
import { shop } from './support.ts';

describe('a change', () => {
  it('is guarded by If-Match', async () => {
    const home = await shop();
    const made = await home.send('/driver', { method: 'POST', body: { callsign: 'D7' } });
    const path = `/driver/${made.json.id}`;
    const read = await home.send(path);
    expect(made.status).toBe(201);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
    const etag = read.headers.get('etag') ?? '';
    const change = (firstName: string, tag: string) =>
      home.send(path, { method: 'POST', body: { firstName }, headers: { 'if-match': tag } });
    expect((await change('Ann', etag)).status).toBe(200);
    const late = await change('Bea', etag);
    expect(late.json).toMatchObject({ status: 412, code: 'CONFLICT' });
    expect((await home.get(path)).firstName).toBe('Ann');
    expect((await change('Cat', `"nonsense", ${(await home.send(path)).headers.get('etag')}`)).status).toBe(
      200,
    );
    expect((await change('Dee', '*')).status).toBe(200);
    expect((await change('Eve', 'nonsense')).status).toBe(400);
    expect((await home.send(path, { method: 'DELETE', headers: { 'if-match': etag } })).status).toBe(412);
    const fresh = (await home.send(path)).headers.get('etag') ?? '';
    expect((await home.send(path, { headers: { 'if-none-match': fresh } })).status).toBe(304);
  });

  it('under an idempotency key is carried out once, however often it is sent', async () => {
    const home = await shop();
    const send = (callsign: string, key: string, token = home.admin) =>
      home.send('/driver', {
        method: 'POST',
        body: { callsign },
        headers: { 'idempotency-key': key },
        token,
      });
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('D7', 'once')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect((await home.get('/driver')).items).toHaveLength(1);
    expect((await send('D8', 'once')).json).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect((await send('D8', 'twice')).status).toBe(201);
    const other = await home.token({ name: 'other', role: 'ADMIN' });
    expect((await send('D9', 'once', other)).status).toBe(201);
    expect((await send('not\na key', 'x y')).status).toBe(400);
    // What failed was not carried out, and may be mended and sent again.
    expect((await send('', 'thrice')).status).toBe(400);
    expect((await send('D10', 'thrice')).status).toBe(201);
  });

  it('that makes a record answers 201 and where the record is', async () => {
    const home = await shop();
    const driver = await home.send('/driver', { method: 'POST', body: { callsign: 'D7' } });
    const place = driver.headers.get('location') ?? '';
    expect(place).toBe(`/client/${home.client}/driver/${driver.json.id}`);
    expect((await home.get(place)).callsign).toBe('D7');
    const { id } = await home.post('/customer', { firstName: 'Bo' });
    const favourite = await home.send(`${place}/drivercustomer?dryRun=false`, {
      method: 'POST',
      body: { customer: { id } },
    });
    expect((await home.get(favourite.headers.get('location') ?? '')).id).toBe(favourite.json.id);
    const changed = await home.send(place, { method: 'POST', body: { firstName: 'Ann' } });
    expect({ status: changed.status, location: changed.headers.get('location') }).toEqual({
      status: 200,
      location: null,
    });
    const token = await home.send('/token', { method: 'POST', body: { name: 't', role: 'OPERATOR' } });
    expect(token.status).toBe(201);
    const tried = { method: 'POST', body: { name: 'u', role: 'OPERATOR' } };
    const dry = await home.send('/token?dryRun=true', tried);
    expect(dry.json).toMatchObject({ name: 'u', dryRun: true });
    expect(dry.status).toBe(200);
    // No secret that nothing knows.
    expect(dry.text).not.toContain('tph_');
    expect((await home.get('/token')).items).toHaveLength(2);
  });

  it('may delete a record twice, by its id, and the second time changes nothing', async () => {
    const home = await shop();
    const { id } = await home.post('/driver', { callsign: 'D7' });
    const remove = () => home.send(`/driver/${id}`, { method: 'DELETE' });
    expect((await remove()).json).toMatchObject({ changed: true, deletedAt: expect.any(Number) });
    const gone = await home.get(`/driver/${id}`);
    const again = await remove();
    expect({ status: again.status, changed: again.json.changed }).toEqual({ status: 200, changed: false });
    expect(await home.get(`/driver/${id}`)).toEqual(gone);
    expect((await home.get('/log?limit=2')).items[1].operation).toBe('driver.create');
    expect((await home.send('/driver/G1', { method: 'DELETE' })).status).toBe(404);
  });

  it('under an internal key is made once, with 200 the second time', async () => {
    const home = await shop();
    const send = (callsign: string) =>
      home.send('/driver', { method: 'POST', body: { callsign, internalKey: 'erp-1' } });
    expect((await send('D7')).status).toBe(201);
    const again = await send('D7');
    expect({ status: again.status, replayed: again.json.replayed }).toEqual({ status: 200, replayed: true });
    expect((await send('D8')).status).toBe(409);
  });

  it('with dryRun writes nothing', async () => {
    const home = await shop();
    const answer = await home.send('/driver?dryRun=true', { method: 'POST', body: { callsign: 'D7' } });
    expect({ status: answer.status, dryRun: answer.json.dryRun }).toEqual({ status: 200, dryRun: true });
    expect((await home.get('/driver')).items).toEqual([]);
  });

  it('is seen by the very next read, also one made by another process', async () => {
    const home = await shop();
    const { id } = await home.post('/driver', { callsign: 'D7' });
    for (let turn = 0; turn < 20; turn += 1) {
      await home.post(`/driver/${id}`, { firstName: `Ann ${turn}` });
      expect((await home.get(`/driver/${id}`)).firstName).toBe(`Ann ${turn}`);
      await home.api.call('driver.update', { ref: id, lastName: `Byrne ${turn}` });
      expect((await home.get(`/driver/${id}`)).lastName).toBe(`Byrne ${turn}`);
    }
  });
});

describe('the server', () => {
  it('refuses an address beyond this machine while there is no token', async () => {
    await expect(shop({ bare: true, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  });

  it('says how to make the first token', async () => {
    const home = await shop({ bare: true });
    const answer = await home.send('/driver', { token: 'anything' });
    expect(answer.json).toMatchObject({ status: 401, hint: expect.stringContaining('tph token create') });
  });

  it('limits the requests of a token, and says when to go on', async () => {
    const home = await shop({ requestsPerSecond: 2 });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await home.send('/driver')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const late = await home.send('/driver');
    expect(late.headers.get('retry-after')).toBe('1');
    expect(late.json).toMatchObject({ code: 'UNAVAILABLE' });
    const other = await home.token({ name: 'other', role: 'ADMIN' });
    expect((await home.send('/driver', { token: other })).status).toBe(200);
    home.at(1_768_204_801_000);
    expect((await home.send('/driver')).status).toBe(200);
  });

  it('logs each request in a line that holds nothing of what was sent', async () => {
    const home = await shop();
    await home.post('/customer', { firstName: 'Bo', phone: '085 012 3456', notes: 'secret words' });
    await home.get('/customer/phone?phone=085%20012%203456');
    await home.send('/customer', { method: 'POST', body: { phone: 'secret words' } });
    const lines = home.logs.map((line) => JSON.parse(line));
    expect(lines.filter((line) => line.route !== undefined)).toHaveLength(3);
    expect(lines.at(-1)).toMatchObject({
      method: 'POST',
      route: '/client/:clientId/customer',
      status: 400,
      token: 'admin',
      client: home.client,
      requestId: expect.any(String),
    });
    for (const secret of ['secret words', '3456', home.admin]) expect(home.logs.join()).not.toContain(secret);
  });

  it('says that it lives, and whether it can answer', async () => {
    const home = await shop();
    expect((await home.send('//healthz', { token: null })).json).toEqual({ status: 'ok' });
    expect((await home.send('//readyz', { token: null })).json).toEqual({ status: 'ready' });
    const broken = await shop({
      wrap: (store) => ({
        ...store,
        ping: () => {
          throw new Error('gone');
        },
      }),
    });
    expect((await broken.send('//readyz', { token: null })).json).toMatchObject({ status: 503 });
  });

  it('tells nothing of a failure that was not meant to happen', async () => {
    const home = await shop({
      wrap: (store) => ({
        ...store,
        session: () => {
          throw new Error('secret words in /some/path');
        },
      }),
    });
    const answer = await home.send('/driver');
    expect(answer.json).toMatchObject({ status: 500, code: 'INTERNAL', detail: 'unexpected failure' });
    expect(answer.text + home.logs.join()).not.toContain('secret words');
    expect(home.logs.some((line) => line.includes('"failure":"Error"') && line.includes('support.ts'))).toBe(
      false,
    );
  });
});
