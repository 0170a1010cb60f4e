import { defineRecord } from './definition.ts';
import { handle, settings, text } from './field.ts';

/** A tenant: one operator company. Everything else belongs to exactly one (spec section 2). */
export const client = defineRecord({
  objectType: 'Client',
  title: 'client',
  plural: 'clients',
  noun: 'client',
  path: 'client',
  pathId: 'clientId',
  table: 'client',
  summary: 'Operator companies served from this database, strictly apart.',
  argument: 'name',
  fields: {
    name: handle({ required: true, help: 'Name of the operator company.', example: 'Liffey Cars' }),
    timeZone: text({
      required: true,
      format: 'timeZone',
      max: 64,
      help: 'IANA time zone in which its days begin and end.',
      example: 'Europe/Dublin',
    }),
    country: text({
      required: true,
      format: 'country',
      max: 2,
      help: 'ISO 3166-1 alpha-2; the region in which national phone numbers are read.',
      example: 'IE',
    }),
    settings: settings({ help: 'What the client has set; see `tph settings list`.' }),
  },
  handles: [{ name: 'name', fields: ['name'] }],
  unique: [{ fields: ['name'] }],
  label: ['name'],
  columns: ['name', 'timeZone', 'country', 'id'],
});
