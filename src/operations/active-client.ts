import type { ActiveClient } from '../contract/api.ts';
import { clientRows } from '../db/clients.ts';
import type { Queries } from '../db/database.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { parseId } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';

/** The client that a reference names; without one, the only client of the database (spec section 2, Client). */
export async function activeClient(queries: Queries, ref: string | undefined): Promise<ActiveClient> {
  const clients = await clientRows(queries);
  const names = clients.map((one) => `${one.name} (${one.id})`).join(', ');
  if (clients.length === 0)
    throw new TphError('NOT_FOUND', 'the database has no client yet', {
      hint: 'make the first one with `tph init`',
    });
  if (ref === undefined) {
    const [only, another] = clients;
    if (only !== undefined && another === undefined) return only;
    throw invalid(
      'several clients share this database: which one?',
      `give --client or TPH_CLIENT: ${names}`,
      [
        {
          field: 'client',
          message: 'the client is missing',
          candidates: clients.map(({ id, name }) => ({ id, name })),
        },
      ],
    );
  }
  const id = parseId(ref);
  const [found, twin] = clients.filter((one) =>
    id === undefined ? fold(one.name) === fold(ref) : one.id === id,
  );
  if (twin !== undefined)
    throw invalid(`several clients are called ${quote(ref)}`, `give the id: ${names}`, [
      {
        field: 'client',
        value: ref,
        message: 'the name is not unique',
        candidates: clients.filter((one) => one.name === twin.name).map(({ id, name }) => ({ id, name })),
      },
    ]);
  if (found !== undefined) return found;
  const near = nearest(
    ref,
    clients.map((one) => one.name),
    1,
  )[0];
  const message = `there is no client ${quote(ref)}`;
  const hint = near === undefined ? `the clients are ${names}` : `did you mean ${quote(near)}?`;
  throw new TphError('NOT_FOUND', message, {
    hint,
    details: [{ field: 'client', value: ref, message, hint }],
  });
}
