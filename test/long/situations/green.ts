/** Exit 0 means that the people are right: what must not look like a quiet night. */
import { bookmarkOf, people, person, type Situation } from '../../support/situations.ts';

const columns = ['employeeId', 'employeeStatusCode', 'emailAddress', 'firstName', 'lastName'];
const untitled = (from: number, to: number) => people(from, to, () => ({ jobTitle: undefined }));
const mapping = {
  preset: 'none',
  fields: {
    employeeId: 'employeeId',
    employeeStatusCode: 'employeeStatusCode',
    email: 'emailAddress',
    firstName: 'firstName',
    lastName: 'lastName',
  },
};
const titled = { ...mapping, fields: { ...mapping.fields, title: 'jobTitle' } };

export const green: readonly Situation[] = [
  {
    situation: 'the column of a field is gone, in a complete read',
    reason: 'the field would never move again, and no run would say so',
    nights: [{ rows: people(1, 20) }, { rows: untitled(1, 20), columns }],
    expect: { code: 2, sent: [], state: false, stderr: /no column any more.*title \(from .*jobTitle/s },
  },
  {
    situation: 'the column of a field is gone, in a read of three people',
    reason: 'no guard can count in so small a part, and the SCHEMA says it all the same',
    nights: [
      { rows: people(1, 20) },
      { rows: untitled(1, 3), columns, ends: 'part', bookmark: bookmarkOf('employees') },
    ],
    expect: { code: 2, sent: [], state: false, stderr: /no column any more/ },
  },
  {
    situation: 'the column of a field was renamed',
    reason: 'the nearest name is what the operator looks for',
    nights: [{ rows: people(1, 20) }, { rows: untitled(1, 20), columns: [...columns, 'job_titles'] }],
    expect: { code: 2, sent: [], state: false, stderr: /did you mean "job_titles"\?/ },
  },
  {
    situation: 'the column of a field is gone, and the mapping says that it is gone for good',
    reason: 'no fault any more, but every body changes: the guard asks once, and names the mapping',
    nights: [
      { rows: people(1, 20) },
      { rows: untitled(1, 20), columns, settings: { mapping: { preset: 'ukg-pro', fields: { title: null } } } },
    ],
    expect: { code: 3, sent: [], stderr: /max_changed.*your mapping changed: title removed/ },
  },
  {
    situation: 'the column that a rule of your own names is gone',
    reason: 'it is a fault of the mapping, told before anything is sent',
    settings: { mapping: titled },
    nights: [{ rows: people(1, 20) }, { rows: untitled(1, 20), columns }],
    expect: { code: 2, sent: [], state: false, stderr: /has no field "jobTitle"/ },
  },
  {
    situation: 'the stream of people was renamed, and a preset still fits',
    reason: 'another stream with such columns may hold other people',
    nights: [{ rows: people(1, 20) }, { rows: people(1, 20), stream: 'employees2' }],
    expect: {
      code: 2,
      sent: [],
      state: false,
      stderr: /"employees", which held the people.*Did you mean "employees2"\?/s,
    },
  },
  {
    situation: 'the stream of people was renamed, and mapping.stream names the new one',
    reason: 'who has decided it is not asked again',
    nights: [
      { rows: people(1, 20) },
      { rows: people(1, 20), stream: 'employees2', settings: { mapping: { preset: 'ukg-pro', stream: 'employees2' } } },
    ],
    expect: { code: 0, state: true },
  },
  {
    situation: 'mapping.stream names no stream that came',
    reason: 'nobody was read, which looks like a night without changes',
    settings: { mapping: { preset: 'ukg-pro', stream: 'employes' } },
    nights: [{ rows: people(1, 5) }],
    expect: { code: 2, sent: [], state: false, stderr: /Did you mean "employees"\?/ },
  },
  {
    situation: 'every stream is ignored',
    reason: 'the same',
    nights: [{ rows: [{ employeeId: '1', contact: 'Kim', relation: 'friend' }], stream: 'contacts' }],
    expect: { code: 2, sent: [], state: false, stderr: /No mapping takes any of the streams that came: "contacts"/ },
  },
  {
    situation: 'a field is empty for everybody in a part of 50 people, though its column is there',
    reason: 'so many people without it are no chance',
    nights: [
      { rows: people(1, 80) },
      { rows: people(1, 50, () => ({ jobTitle: null })), ends: 'part', bookmark: bookmarkOf('employees') },
    ],
    expect: { code: 3, sent: [], state: false, stderr: /title/ },
  },
  {
    situation: 'a field is added to the mapping, before an increment',
    reason: 'only the people of the increment get it: everybody else needs a complete read, which the run asks for',
    settings: { mapping },
    nights: [
      { rows: people(1, 20) },
      { rows: people(1, 2), ends: 'part', bookmark: bookmarkOf('employees'), settings: { mapping: titled } },
    ],
    expect: {
      code: 0,
      sent: ['1', '2'],
      stderr: /your mapping changed: title added.*A complete read is due \(title added\)/s,
    },
  },
  {
    situation: 'a field was added to the mapping, and one more increment came',
    reason: 'it stays due until everybody was read',
    settings: { mapping },
    nights: [
      { rows: people(1, 20) },
      { rows: people(1, 2), ends: 'part', bookmark: bookmarkOf('employees'), settings: { mapping: titled } },
      { rows: people(3, 3), ends: 'part', bookmark: bookmarkOf('employees') },
    ],
    expect: { code: 0, sent: ['3'], stderr: /A complete read is due \(title added\)/ },
  },
  {
    situation: 'a field is added to the mapping, before a complete read of 60 people',
    reason: 'the guard names the mapping, not what the people share',
    settings: { mapping },
    nights: [{ rows: people(1, 60) }, { rows: people(1, 60), settings: { mapping: titled } }],
    expect: { code: 3, sent: [], stderr: /your mapping changed: title added/ },
  },
  {
    situation: 'nobody could be sent: some invalid, some refused',
    reason: 'whatever the mixture, Together is as it was',
    nights: [{ rows: [person('1', { emailAddress: 'no address' }), person('2', { emailAddress: null })] }],
    expect: { code: 4, sent: [] },
  },
  {
    situation: 'more known people than max_rejected_percent turn invalid',
    reason: 'they stay as they were in Together, night after night',
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 17), ...people(18, 20, () => ({ lastName: null }))] }],
    expect: { code: 4, status: { 20: 'A' } },
  },
  {
    situation: 'nobody could be sent: one refused, one held for an address of another, one of an unknown status',
    reason: 'each reason alone is a line for HR; together they are a night in which nothing reached Together',
    nights: [
      { rows: people(1, 40) },
      {
        ends: 'part',
        locks: ['1'],
        rows: [
          person('1', { jobTitle: 'Chief' }),
          person('41', { emailAddress: 'p2@example.com' }),
          person('42', { employeeStatusCode: '?' }),
        ],
      },
    ],
    expect: { code: 4, sent: ['1'], gone: ['41', '42'] },
  },
  {
    situation: 'three known people of twenty are locked in Together (409)',
    reason: 'refused or invalid, it is the same for them: they stay as they were',
    nights: [
      { rows: people(1, 20) },
      { rows: [...people(1, 3, () => ({ jobTitle: 'Chief' })), ...people(4, 20)], locks: ['1', '2', '3'] },
    ],
    expect: { code: 4, status: { 1: 'A' }, stderr: /3 × Together refused this person: HTTP 409/ },
  },
  {
    situation: 'two of twenty leavers come with a status that no table knows',
    reason: 'they keep an access that may have ended, so the run is no success',
    nights: [
      { rows: people(1, 20) },
      { airbyte: [{ rows: [...people(1, 18), ...people(19, 20, () => ({ employeeStatusCode: 'Gone' }))] }] },
    ],
    expect: { code: 4, sent: [], status: { 19: 'A', 20: 'A' } },
  },
  {
    situation: 'one known person of forty turns invalid',
    reason: 'one row for HR is no failure of the run',
    nights: [{ rows: people(1, 40) }, { rows: [...people(1, 39), person('40', { lastName: null })] }],
    expect: { code: 0, status: { 40: 'A' } },
  },
  {
    situation: 'nothing comes: no SCHEMA, no record, no STATE',
    reason: 'the tap may have failed before its first line',
    nights: [{ messages: [] }],
    expect: {
      code: 0,
      sent: [],
      state: false,
      stderr: /! Nothing came, and nothing was sent: the tap may have failed/,
    },
  },
];
