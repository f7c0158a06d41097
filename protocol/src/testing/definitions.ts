/** A stream with every peculiarity: nested objects, a list of objects, a sensitive field, two methods. */
import type { StreamDefinition } from '../stream.ts';

const text = { type: ['string', 'null'] as ['string', 'null'] };

export const people: StreamDefinition = {
  name: 'people',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      changed: { type: 'string', format: 'date-time' },
      mail: text,
      birth: text,
      home: { type: ['object', 'null'], properties: { city: text, street: text } },
      jobs: { type: 'array', items: { type: 'object', properties: { title: text, pay: text } } },
    },
  },
  keyProperties: ['id'],
  replicationKey: 'changed',
  replicationMethods: ['INCREMENTAL', 'FULL_TABLE'],
  selectedByDefault: true,
  sensitive: new Set(['birth', 'home.street', 'jobs.pay']),
};

export const codes: StreamDefinition = {
  name: 'codes',
  schema: { type: 'object', properties: { code: { type: 'string' }, label: text } },
  keyProperties: ['code'],
  replicationMethods: ['FULL_TABLE'],
  selectedByDefault: false,
  sensitive: new Set(),
};
