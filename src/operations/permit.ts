import type { Viewer } from '../contract/database.ts';
import { operationPrefix } from '../contract/names.ts';
import { ownField, refuseRole, subjectTypeOf } from '../contract/roles.ts';
import type { Role } from '../contract/token.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { fold } from '../values/text.ts';
import type { Work } from './work.ts';

type Input = Readonly<Record<string, unknown>>;

/** An operation as whoever asks may have it carried out. */
export interface Permitted {
  readonly input: Input;
  /** What the record must have besides, as `CallOptions.scope`; `id` is the record's own. */
  readonly scope: Readonly<Record<string, Id>>;
}

/**
 * Spec section 6: what each role may do. NOT_ALLOWED for the rest; NOT_FOUND for another client, whose existence
 * nobody learns.
 */
export function permit(work: Work, { role, subject }: Viewer, name: string, input: Input): Permitted {
  refuseRole(role, name);
  if (isAboutClient(name, input)) return { input: onOwnClient(work, input), scope: {} };
  const field = ownField(role, name) ?? ownLookUp(role, name, input);
  if (field === undefined) return { input, scope: {} };
  if (subject === null) throw new Error(`a viewer of the role ${role} is somebody`);
  return { input, scope: { [field]: subject } };
}

/** An app looks up references to its own rows; NOT_ALLOWED for a kind of which it has none. */
function ownLookUp(role: Role, name: string, { objectType }: Input): string | undefined {
  const type = objectTypes.find((one) => one === objectType);
  // What is no kind at all, the operation says itself.
  if (name !== 'reference.resolve' || subjectTypeOf(role) === undefined || type === undefined)
    return undefined;
  const field = ownField(role, `${operationPrefix(type)}.get`);
  if (field !== undefined) return field;
  throw new TphError('NOT_ALLOWED', `${role} may not look up ${definitionOf(type).plural}`, {
    hint: 'give an id, or use a token with another role',
  });
}

const isAboutClient = (name: string, input: Input): boolean =>
  (name.startsWith('client.') && name !== 'client.list') ||
  (name === 'reference.resolve' && input['objectType'] === ('Client' satisfies ObjectType));

function onOwnClient(work: Work, input: Input): Input {
  const ref = String(input['ref']);
  const isOwn = parseId(ref) === work.client.id || fold(ref) === fold(work.client.name);
  if (isOwn) return { ...input, ref: work.client.id };
  throw new TphError('NOT_FOUND', `there is no client ${quote(ref)}`, {
    hint: 'a token belongs to one client',
  });
}
