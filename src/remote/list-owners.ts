import { quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import { idOf, LISTS, type ListKind, type SeedLists } from './seed-lists.ts';

const TITLES: Readonly<Record<ListKind, string>> = {
  CUSTOMER: 'customer',
  SCP: 'special-category passenger',
};

/**
 * The customer or passenger that a reference names, on an instance that has only the seeds' endpoints: by id, a
 * customer by phone, others by a name that some row of the lists shows. NOT_FOUND with near spellings, CONFLICT
 * with the candidates.
 */
export async function findOwner(seeds: SeedLists, kind: ListKind, ref: string): Promise<Id> {
  const id = parseId(ref);
  if (id !== undefined) return id;
  if (kind === 'CUSTOMER' && /^[+\d][\d\s()./-]{4,}$/.test(ref.trim())) {
    const found = (await seeds.customersByPhone(ref)).flatMap(({ id }) => idOf(id) ?? []);
    if (found.length > 0) return single(kind, ref, new Map(found.map((one) => [one, one])));
  }
  const owners = new Map(
    (await seeds.allRows(kind)).flatMap(({ owner }) => (owner ? [[owner.id, owner] as const] : [])),
  );
  const fits = [...owners.values()].filter(({ labels }) => labels.some((label) => fold(label) === fold(ref)));
  if (fits.length > 0) return single(kind, ref, new Map(fits.map((owner) => [owner.id, owner.name])));
  throw unknown(
    kind,
    ref,
    [...owners.values()].flatMap(({ labels }) => labels),
  );
}

function single(kind: ListKind, ref: string, fits: ReadonlyMap<Id, string>): Id {
  const [only, another] = fits.keys();
  if (only !== undefined && another === undefined) return only;
  const message = `${quote(ref)} fits ${fits.size} ${TITLES[kind]}s`;
  const candidates = [...fits].map(([id, name]) => ({ id, name }));
  throw new TphError('CONFLICT', message, {
    hint: `name one by its id: ${candidates
      .slice(0, 5)
      .map(({ id, name }) => `${id} ${name}`)
      .join(', ')}`,
    details: [{ field: LISTS[kind].owner, value: ref, message, objectType: LISTS[kind].type, candidates }],
  });
}

function unknown(kind: ListKind, ref: string, labels: readonly string[]): TphError {
  const message = `no list of the instance names a ${TITLES[kind]} ${quote(ref)}`;
  const near = nearest(ref, labels, 3);
  const way =
    kind === 'CUSTOMER'
      ? 'name who is on no list by phone or by id, such as G123'
      : 'name who is on no list by id, such as G123';
  const hint = near.length > 0 ? `did you mean ${near.map(quote).join(' or ')}?` : way;
  return new TphError('NOT_FOUND', message, {
    hint,
    details: [{ field: LISTS[kind].owner, value: ref, message, hint, objectType: LISTS[kind].type }],
  });
}
