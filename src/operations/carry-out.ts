import type { InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { ListInput, RefInput } from '../contract/change.ts';
import { operationPrefix } from '../contract/crud.ts';
import type { Values } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { objectTypes } from '../records/registry.ts';
import { invalid, quote } from '../values/error.ts';
import { listClients, workFor } from './clients.ts';
import { createRecord } from './create.ts';
import { createOrMatchCustomer, findCustomers } from './customer.ts';
import { deleteRecord, restoreRecord } from './delete.ts';
import { addEmployee, canBook, departmentEffective } from './department.ts';
import { checkData } from './doctor.ts';
import { eligibleAdHoc, eligibleForTrip } from './eligibility.ts';
import { exclusionStatus, setExclusion } from './exclusion.ts';
import { exclusionCalendar } from './exclusion-calendar.ts';
import { linkExclusion, unlinkExclusion } from './exclusion-links.ts';
import { expiringForecast } from './forecast.ts';
import { planReleases } from './forecast-release.ts';
import { addTag, linkHandlers, listAddresses, listTags, removeTag } from './links.ts';
import { listLog } from './log.ts';
import { getRecord, listRecords } from './read.ts';
import { skipRun, unskipRun } from './recurring.ts';
import { commitRelease, previewRelease } from './release.ts';
import { resolveRef } from './resolve.ts';
import { listSettings, setSettings } from './settings.ts';
import { createToken, listTokens, revokeToken } from './token.ts';
import { undoEvent } from './undo.ts';
import { updateByInput } from './update.ts';
import type { Work } from './work.ts';

type Handler = (work: Work, input: never) => unknown;

/** What imports many rows is loaded when it is asked for. */
const onImports =
  (name: keyof typeof import('./import/operations.ts')): Handler =>
  async (work, input) => {
    const handlers: Readonly<Record<string, Handler>> = await import('./import/operations.ts');
    return handlers[name]?.(work, input);
  };

/** The operations that are not the six verbs of a kind, or do one of them in their own way. */
const special: { readonly [name: string]: Handler } = {
  'settings.list': listSettings,
  'settings.set': setSettings,
  'client.list': listClients,
  'client.get': (work: Work, { ref }: RefInput) =>
    onClient(work, ref, (own, id) => getRecord(own, 'Client', id)),
  'client.update': (work: Work, { ref, ...input }: RefInput & Values) =>
    onClient(work, ref, (own, id) => updateByInput(own, 'Client', id, input)),
  'client.delete': (work: Work, { ref }: RefInput) =>
    onClient(work, ref, (own, id) => deleteRecord(own, 'Client', id)),
  'client.restore': (work: Work, { ref }: RefInput) =>
    onClient(work, ref, (own, id) => restoreRecord(own, 'Client', id)),
  'customer.create': createOrMatchCustomer,
  'customer.findByPhone': findCustomers,
  'customer.addresses': listAddresses,
  'customer.tags': listTags,
  'customer.addTag': addTag,
  'customer.removeTag': removeTag,
  ...linkHandlers,
  'scheduleExclusionGroup.set': setExclusion,
  'scheduleExclusionGroup.link': linkExclusion,
  'scheduleExclusionGroup.unlink': unlinkExclusion,
  'scheduleExclusionGroup.status': exclusionStatus,
  'scheduleExclusionGroup.calendar': exclusionCalendar,
  'recurringTrip.skip': skipRun,
  'recurringTrip.unskip': unskipRun,
  'accountDepartment.effective': departmentEffective,
  'accountDepartment.canBook': canBook,
  'accountDepartment.addEmployee': addEmployee,
  'trip.eligible': eligibleForTrip,
  'eligible.adHoc': eligibleAdHoc,
  'release.preview': previewRelease,
  'release.commit': commitRelease,
  'release.plan': planReleases,
  'forecast.expiring': expiringForecast,
  'doctor.check': checkData,
  'import.start': onImports('startRun'),
  'import.plan': onImports('planRows'),
  'import.rows': onImports('giveRows'),
  'import.outcomes': onImports('outcomesOfBatch'),
  'import.finish': onImports('finishRun'),
  'import.abandon': onImports('abandonRun'),
  'import.list': onImports('listRuns'),
  'import.get': onImports('getRun'),
  'import.undo': onImports('undoRun'),
  'log.list': listLog,
  'log.undo': undoEvent,
  'reference.resolve': resolveRef,
  'token.create': createToken,
  'token.list': listTokens,
  'token.revoke': revokeToken,
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
