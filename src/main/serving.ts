import type { Globals } from '../commands/globals.ts';
import type { Served, ServeFlags } from '../commands/serving.ts';
import type { Launch } from '../config/launch.ts';
import type { Host } from '../host.ts';
import { openStore } from '../operations/open-store.ts';
import { gathered } from '../server/log.ts';
import { serve } from '../server/serve.ts';
import { invalid } from '../values/error.ts';
import type { Instant } from '../values/instant.ts';
import { parseInstantInput } from '../values/instant.ts';

interface Wiring {
  readonly host: Host;
  readonly globals: Globals;
  readonly launched: Launch;
  readonly version: string;
}

/** Opens the database for a server, and starts it. INVALID where data is not at hand, but behind a profile. */
export async function startServing(wiring: Wiring, flags: ServeFlags): Promise<Served> {
  const { host, launched, version } = wiring;
  if (launched.profile !== undefined)
    throw invalid(
      'a profile is data on another machine, which cannot be served from here',
      'leave --profile out, or give --db',
    );
  const nowMs = clockOf(wiring);
  const { lockWaitMs } = launched;
  const store = await openStore(launched.location).share?.({ nowMs: nowMs(), lockWaitMs });
  if (store === undefined) throw new Error('a database can always be shared');
  try {
    const { log, flush } = gathered((lines) => void host.stderr.write(lines));
    const serving = await serve({ ...flags, store, version, nowMs, lockWaitMs, log });
    let begin = () => {};
    const told = new Promise<void>((resolve) => {
      begin = resolve;
    });
    return { url: serving.url, stop: begin, stopped: told.then(() => serving.stop()).finally(flush) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The clock goes on, unless `--at` or `TPH_NOW` holds it; a server has many clients, so both are read as UTC. */
function clockOf({ host, launched }: Wiring): () => number {
  if (launched.moments.length === 0) return () => host.nowMs();
  let now = Math.floor(host.nowMs() / 1000) as Instant;
  for (const { text } of launched.moments)
    now = parseInstantInput(text, { now, timeZone: 'UTC', day: 'start' });
  const held = now * 1000;
  return () => held;
}
