import type { InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { ListInput, RefInput } from '../contract/change.ts';
import { operationPrefix } from '../contract/crud.ts';
import type { Values } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { objectTypes } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import { workFor } from './clients.ts';
import { createRecord } from './create.ts';
import { deleteRecord, restoreRecord } from './delete.ts';
import { linkHandlers } from './links.ts';
import { getRecord, listRecords } from './read.ts';
import { updateByInput } from './update.ts';
import type { Work } from './work.ts';

type Handler = (work: Work, input: never) => unknown;

/** What carries out an operation is loaded when it is asked for. */
const late =
  <M extends object, N extends keyof M>(load: () => Promise<M>, name: N): Handler =>
  async (work, input) =>
    ((await load())[name] as Handler)(work, input);

/** The operations that are not the six verbs of a kind, or do one of them in their own way. */
const special: { readonly [name: string]: Handler } = {
  'settings.list': late(() => import('./settings.ts'), 'listSettings'),
  'settings.set': late(() => import('./settings.ts'), 'setSettings'),
  'client.list': late(() => import('./clients.ts'), 'listClients'),
  'client.get': (work: Work, { ref }: RefInput) =>
    onClient(work, ref, (own, id) => getRecord(own, 'Client', id)),
  'client.update': (work: Work, { ref, ...input }: RefInput & Values) =>
    onClient(work, ref, (own, id) => updateByInput(own, 'Client', id, input)),
  'client.delete': (work: Work, { ref }: RefInput) =>
    onClient(work, ref, (own, id) => deleteRecord(own, 'Client', id)),
  'client.restore': (work: Work, { ref }: RefInput) =>
    onClient(work, ref, (own, id) => restoreRecord(own, 'Client', id)),
  'customer.create': late(() => import('./customer.ts'), 'createOrMatchCustomer'),
  'customer.findByPhone': late(() => import('./customer.ts'), 'findCustomers'),
  'customer.addresses': late(() => import('./links.ts'), 'listAddresses'),
  'customer.tags': late(() => import('./links.ts'), 'listTags'),
  'customer.addTag': late(() => import('./links.ts'), 'addTag'),
  'customer.removeTag': late(() => import('./links.ts'), 'removeTag'),
  ...linkHandlers,
  'scheduleExclusionGroup.set': late(() => import('./exclusion.ts'), 'setExclusion'),
  'scheduleExclusionGroup.link': late(() => import('./exclusion-links.ts'), 'linkExclusion'),
  'scheduleExclusionGroup.unlink': late(() => import('./exclusion-links.ts'), 'unlinkExclusion'),
  'scheduleExclusionGroup.status': late(() => import('./exclusion.ts'), 'exclusionStatus'),
  'scheduleExclusionGroup.calendar': late(() => import('./exclusion-calendar.ts'), 'exclusionCalendar'),
  'recurringTrip.skip': late(() => import('./recurring.ts'), 'skipRun'),
  'recurringTrip.unskip': late(() => import('./recurring.ts'), 'unskipRun'),
  'accountDepartment.effective': late(() => import('./department.ts'), 'departmentEffective'),
  'accountDepartment.canBook': late(() => import('./department.ts'), 'canBook'),
  'accountDepartment.addEmployee': late(() => import('./department.ts'), 'addEmployee'),
  'trip.eligible': late(() => import('./eligibility.ts'), 'eligibleForTrip'),
  'eligible.adHoc': late(() => import('./eligibility.ts'), 'eligibleAdHoc'),
  'release.preview': late(() => import('./release.ts'), 'previewRelease'),
  'release.commit': late(() => import('./release.ts'), 'commitRelease'),
  'release.plan': late(() => import('./forecast-release.ts'), 'planReleases'),
  'forecast.expiring': late(() => import('./forecast.ts'), 'expiringForecast'),
  'doctor.check': late(() => import('./doctor.ts'), 'checkData'),
  'import.start': late(() => import('./import/operations.ts'), 'startRun'),
  'import.plan': late(() => import('./import/operations.ts'), 'planRows'),
  'import.rows': late(() => import('./import/operations.ts'), 'giveRows'),
  'import.outcomes': late(() => import('./import/operations.ts'), 'outcomesOfBatch'),
  'import.finish': late(() => import('./import/operations.ts'), 'finishRun'),
  'import.abandon': late(() => import('./import/operations.ts'), 'abandonRun'),
  'import.list': late(() => import('./import/operations.ts'), 'listRuns'),
  'import.get': late(() => import('./import/operations.ts'), 'getRun'),
  'import.undo': late(() => import('./import/operations.ts'), 'undoRun'),
  'log.list': late(() => import('./log.ts'), 'listLog'),
  'log.undo': late(() => import('./undo.ts'), 'undoEvent'),
  'reference.resolve': late(() => import('./resolve.ts'), 'resolveRef'),
  'token.create': late(() => import('./token.ts'), 'createToken'),
  'token.list': late(() => import('./token.ts'), 'listTokens'),
  'token.revoke': late(() => import('./token.ts'), 'revokeToken'),
};

async function onClient<T>(work: Work, ref: string, run: (own: Work, id: string) => Promise<T>): Promise<T> {
  const own = await workFor(work, ref);
  return run(own, own.client.id);
}

const verbs: { readonly [verb: string]: (type: ObjectType) => Handler } = {
  create: (type) => (work, input: Values) => createRecord(work, type, input),
  list: (type) => (work, input: ListInput) => listRecords(work, type, input),
  get:
    (type) =>
    (work, { ref }: RefInput) =>
      getRecord(work, type, ref),
  update:
    (type) =>
    (work, { ref, ...input }: RefInput & Values) =>
      updateByInput(work, type, ref, input),
  delete:
    (type) =>
    (work, { ref }: RefInput) =>
      deleteRecord(work, type, ref),
  restore:
    (type) =>
    (work, { ref }: RefInput) =>
      restoreRecord(work, type, ref),
};

/** What carries out each operation of the contract. */
export const handlers: ReadonlyMap<string, Handler> = new Map([
  ...objectTypes.flatMap((type) =>
    Object.entries(verbs).map(([verb, make]) => [`${operationPrefix(type)}.${verb}`, make(type)] as const),
  ),
  ...Object.entries(special),
]);

/** Carries out one operation in the transaction of `work`. */
export async function carryOut<N extends OperationName>(
  work: Work,
  name: N,
  input: InputOf<N>,
): Promise<OutputOf<N>> {
  const handler = handlers.get(name);
  if (handler === undefined) throw invalid(`there is no operation ${quote(name)}`);
  return (await handler(work, input as never)) as OutputOf<N>;
}

/** Operations that read exclusion groups, and so first store the reverts that are due (spec section 4.2). */
export const readsExclusionGroups = (name: OperationName): boolean =>
  /^(scheduleExclusionGroup|release|recurringTrip)\./.test(name);
