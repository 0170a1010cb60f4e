import { defineRecord } from './definition.ts';
import { handle } from './field.ts';
import { namedByCode } from './shared-fields.ts';

/** A group of operators that scopes who sees a department (seed: account departments, `primaryGroup`). */
export const group = defineRecord({
  objectType: 'Group',
  title: 'group',
  plural: 'groups',
  noun: 'group',
  path: 'group',
  pathId: 'groupId',
  table: 'acl_group',
  summary: 'Groups of operators; a department may be visible to one of them only.',
  argument: 'code',
  fields: {
    code: handle({ required: true, max: 40, help: 'Short code.', example: 'SCHOOLS-DESK' }),
    name: handle({ help: 'Full name.', example: 'Schools desk' }),
  },
  ...namedByCode,
});
