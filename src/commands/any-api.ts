import type { Api, OperationName } from '../contract/api.ts';
import type { Changed, ListInput, Page } from '../contract/change.ts';
import type { AnyRecord, Values } from '../records/definition.ts';
import type { CommandCallOptions, CommandContext } from './context.ts';

export type Verb = 'create' | 'update' | 'delete' | 'restore';

/** The verbs of a kind that is not known to the type checker; `prefix` is that of `operationPrefix`. */
export interface AnyApi {
  list(prefix: string, input: ListInput): Promise<Page<AnyRecord>>;
  get(prefix: string, ref: string): Promise<AnyRecord>;
}

type Loose = (name: OperationName, input: unknown, options?: CommandCallOptions) => Promise<unknown>;

/** The reading verbs of any kind on an `Api` or a context. */
export function anyApi(from: Pick<Api, 'call'> | Pick<CommandContext, 'call'>): AnyApi {
  const call = from.call.bind(from) as Loose;
  return {
    list: async (prefix, input) => (await call(`${prefix}.list` as OperationName, input)) as Page<AnyRecord>,
    get: async (prefix, ref) => (await call(`${prefix}.get` as OperationName, { ref })) as AnyRecord,
  };
}

/** A changing verb of any kind. */
export async function changeAny(
  context: Pick<CommandContext, 'call'>,
  prefix: string,
  verb: Verb,
  input: Values,
  options?: CommandCallOptions,
): Promise<Changed<AnyRecord>> {
  const call = context.call.bind(context) as Loose;
  return (await call(`${prefix}.${verb}` as OperationName, input, options)) as Changed<AnyRecord>;
}
