import { it } from 'vitest';
import { shop } from '../cli/support.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { join } from 'node:path';
it('times', async () => {
  const cli = await shop();
  let t = performance.now();
  const lap = (n: string, k = 1) => { const now = performance.now(); console.error(n, ((now - t) / k).toFixed(2)); t = performance.now(); };
  const api = await openStore(join(cli.folder, 'tph.db')).open({ client: undefined, actor: 'a', reason: null, nowMs: 1790000000000, lockWaitMs: 1000 });
  for (let i = 0; i < 5; i++) { const r = await cli.tph('driver', 'create', `D${i}`, '-o', 'json'); if (r.code) throw new Error(r.err); }
  lap('warm 5');
  for (let i = 0; i < 50; i++) { const r = await cli.tph('driver', 'create', `E${i}`, '-o', 'json'); if (r.code) throw new Error(r.err); }
  lap('create', 50);
  for (let i = 0; i < 50; i++) { const r = await cli.tph('eligible', '--pickup', '1800000000', '--at', '1790000000', '-o', 'json', '--explain'); if (r.code) throw new Error(r.err); }
  lap('eligible', 50);
  for (let i = 0; i < 50; i++) { const r = await cli.tph('eligible', '--pickup', '1800000000', '-o', 'json', '--explain'); if (r.code) throw new Error(r.err); }
  lap('eligible no at', 50);
  for (let i = 0; i < 50; i++) await api.call('driver.create', { callsign: `F${i}` });
  lap('api create', 50);
  for (let i = 0; i < 300; i++) await api.call('driver.create', { callsign: `G-${i}` });
  lap('api create', 300);
  for (let i = 0; i < 100; i++) await api.call('client.create', { name: `G-${i}`, timeZone: 'Europe/Dublin', country: 'IE' });
  lap('api create client', 100);
  for (let i = 0; i < 50; i++) { const r = await cli.tph('driver', 'create', `I${i}`, '-o', 'json', '--client', 'G-7'); if (r.code) throw new Error(r.err); }
  lap('create', 50);
  await api.close();
}, 60000);
