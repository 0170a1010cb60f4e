import type { InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { ListInput, RefInput } from '../contract/change.ts';
import { typeOfOperation } from '../contract/names.ts';
import type { Values } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { invalid, quote } from '../values/error.ts';
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
  'client.get': (work: Work, { ref }: RefInput) => onClient(work, ref, 'get'),
  'client.update': (work: Work, { ref, ...input }: RefInput & Values) => onClient(work, ref, 'update', input),
  'client.delete': (work: Work, { ref }: RefInput) => onClient(work, ref, 'delete'),
  'client.restore': (work: Work, { ref }: RefInput) => onClient(work, ref, 'restore'),
  'customer.create': late(() => import('./customer.ts'), 'createOrMatchCustomer'),
  'customer.findByPhone': late(() => import('./customer.ts'), 'findCustomers'),
  'customer.addresses': late(() => import('./links.ts'), 'listAddresses'),
  'customer.tags': late(() => import('./links.ts'), 'listTags'),
  'customer.addTag': late(() => import('./links.ts'), 'addTag'),
  'customer.removeTag': late(() => import('./links.ts'), 'removeTag'),
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
  'eligible.day': late(() => import('./eligibility-day.ts'), 'eligibleOfDay'),
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

async function onClient(
  work: Work,
  ref: string,
  verb: keyof typeof verbs,
  input: Values = {},
): Promise<unknown> {
  const own = await (await import('./clients.ts')).workFor(work, ref);
  return verbs[verb](own, 'Client', { ...input, ref: own.client.id });
}

type Verb = (work: Work, type: ObjectType, input: RefInput & Values) => Promise<unknown>;

const verbs = {
  create: async (work, type, input) => (await import('./create.ts')).createRecord(work, type, input),
  list: async (work, type, input) =>
    (await import('./read.ts')).listRecords(work, type, input as unknown as ListInput),
  get: async (work, type, { ref }) => (await import('./read.ts')).getRecord(work, type, ref),
  update: async (work, type, { ref, ...input }) =>
    (await import('./update.ts')).updateByInput(work, type, ref, input),
  delete: async (work, type, { ref }) => (await import('./delete.ts')).deleteRecord(work, type, ref),
  restore: async (work, type, { ref }) => (await import('./delete.ts')).restoreRecord(work, type, ref),
} as const satisfies { readonly [verb: string]: Verb };

/** What carries out an operation of the contract. */
async function handlerOf(name: string): Promise<Handler | undefined> {
  if (Object.hasOwn(special, name)) return special[name];
  const type = typeOfOperation(name);
  const verb = name.slice(name.indexOf('.') + 1);
  if (type !== undefined && Object.hasOwn(verbs, verb))
    return (work, input) => verbs[verb as keyof typeof verbs](work, type, input);
  const { linkHandlers } = await import('./links.ts');
  return Object.hasOwn(linkHandlers, name) ? linkHandlers[name] : undefined;
}

/** Carries out one operation in the transaction of `work`. */
export async function carryOut<N extends OperationName>(
  work: Work,
  name: N,
  input: InputOf<N>,
): Promise<OutputOf<N>> {
  const handler = await handlerOf(name);
  if (handler === undefined) throw invalid(`there is no operation ${quote(name)}`);
  return (await handler(work, input as never)) as OutputOf<N>;
}

/** Operations that read exclusion groups, and so first store the reverts that are due (spec section 4.2). */
export const readsExclusionGroups = (name: OperationName): boolean =>
  /^(scheduleExclusionGroup|release|recurringTrip)\./.test(name);
