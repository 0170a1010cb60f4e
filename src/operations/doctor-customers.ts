import type { Finding, FoundRecord } from '../contract/doctor.ts';
import { type CustomerLook, lookalikes } from '../db/doctor-facts.ts';
import { displayName } from '../records/display.ts';
import type { Id } from '../values/id.ts';
import { findingOf, number } from './doctor-finding.ts';
import type { Work } from './work.ts';

/** Customers who look like one person entered twice: same e-mail, or same name and the same or nearly the same phone. */
export async function customerFindings(work: Work): Promise<readonly Finding[]> {
  const { client } = work;
  const twins = new Map<Id, FoundRecord>();
  const add = (one: CustomerLook, older: CustomerLook, why: string) => {
    if (twins.has(one.id)) return;
    twins.set(one.id, {
      objectType: 'Customer',
      id: one.id,
      name: nameOf(one),
      detail: `${why} as ${nameOf(older)} ${older.id}`,
      // Which of the two is the right one, and what becomes of the other's trips, only a person can say.
      fix: `tph customer show ${one.id}`,
    });
  };
  for (const [one, older] of twinsBy(await lookalikes(work, client.id, 'email'), (look) => look.same))
    add(one, older, 'same e-mail');
  const namesakes = await lookalikes(work, client.id, 'name');
  const phoned = namesakes.filter((look) => look.phone !== null);
  for (const [one, older] of twinsBy(phoned, (look) => `${look.same} ${look.phone}`))
    add(one, older, 'same name and phone');
  for (const group of groupsOf(phoned))
    for (const [index, one] of group.entries()) {
      const older = group.slice(0, index).find((other) => isSlip(one.phone ?? '', other.phone ?? ''));
      if (older !== undefined) add(one, older, 'same name and nearly the same phone');
    }
  const records = [...twins.values()];
  return findingOf(
    'CUSTOMER_TWINS',
    'INFO',
    records,
    (count) => `${number('customer looks', 'customers look')(count)} like another one`,
  );
}

const nameOf = (look: CustomerLook): string => displayName('Customer', { ...look, id: look.id });

/** Each customer with the first earlier one that has the same key. */
function twinsBy<L extends CustomerLook>(
  looks: readonly L[],
  keyOf: (look: L) => string,
): readonly (readonly [one: L, older: L])[] {
  const first = new Map<string, L>();
  return looks.flatMap((look) => {
    const key = keyOf(look);
    const older = first.get(key);
    if (older === undefined) first.set(key, look);
    return older === undefined ? [] : [[look, older] as const];
  });
}

/** A name that more customers have than this is a stopgap such as `Walk-in`, and tells nothing. */
const MOST_NAMESAKES = 500;

function groupsOf<L extends { readonly same: string }>(looks: readonly L[]): readonly (readonly L[])[] {
  const groups = new Map<string, L[]>();
  for (const look of looks) {
    const group = groups.get(look.same);
    if (group === undefined) groups.set(look.same, [look]);
    else group.push(look);
  }
  return [...groups.values()].filter(({ length }) => length <= MOST_NAMESAKES);
}

/** Whether one phone may be a slip in writing the other: one digit differs, or two neighbours changed places. */
function isSlip(one: string, other: string): boolean {
  if (one.length !== other.length || one === other) return false;
  let place = 0;
  while (one[place] === other[place]) place += 1;
  if (one.slice(place + 1) === other.slice(place + 1)) return true;
  const isSwapped = one[place] === other[place + 1] && one[place + 1] === other[place];
  return isSwapped && one.slice(place + 2) === other.slice(place + 2);
}
