import { clientRows } from '../../db/clients.ts';
import type { Stored } from '../../db/codec.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import { settingsInForce } from '../../records/settings.ts';
import { quote, TphError } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import { fold } from '../../values/text.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

const defaults: Readonly<Record<string, unknown>> = settingsInForce({});

/** Settings that are given change those named and leave the others; null goes back to the default, which is not stored. */
async function mergeSettings(_work: Work, values: Stored, before: StoredRecord | null): Promise<Stored> {
  const merged = { ...(before?.values['settings'] as object), ...(values['settings'] as object) };
  const settings = Object.fromEntries(
    Object.entries(merged).filter(([name, value]) => value !== null && value !== defaults[name]),
  );
  return { ...values, settings };
}

/** Names are unique among live clients; no index of one client can see the others. */
async function refuseSameName(work: Work, values: Stored, except: Id | undefined): Promise<void> {
  const name = values['name'] as string;
  const twin = (await clientRows(work.queries)).find(
    (one) => fold(one.name) === fold(name) && one.id !== except,
  );
  if (twin === undefined) return;
  const message = `the client ${quote(twin.name)} has the same name already`;
  const hint = 'choose another name';
  throw new TphError('CONFLICT', message, {
    hint,
    details: [{ field: 'name', value: name, message, hint, id: twin.id, objectType: 'Client' }],
  });
}

/** Without a client nobody can be acted for, and nothing could be restored. */
async function refuseDeletingLast(work: Work, before: StoredRecord, after: Stored | null): Promise<void> {
  if (after !== null || (await clientRows(work.queries)).some((one) => one.id !== before.id)) return;
  const message = `${quote(before.values['name'])} is the only client of the database`;
  throw new TphError('CONFLICT', message, { hint: 'create another client first', details: [{ message }] });
}

export const clientRules: Rules = {
  complete: mergeSettings,
  refuseTwin: refuseSameName,
  guard: refuseDeletingLast,
};
