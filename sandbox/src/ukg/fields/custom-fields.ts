/** The customer's own fields: the fourteen user-defined ones with their labels, and a class of the platform's. */

import type { World } from '../../company/employer.ts';
import type { Person } from '../../company/people.ts';
import type { Getter } from './row.ts';

// Which of the person's values each number shows; the customer has not set up the rest. By the reference, numbers 3, 4, 10 and
// 11 hold numbers and 5, 6, 12 and 13 dates.
const UDF_FROM: Readonly<Record<number, number>> = { 1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5 };

const group = (world: World, person: Person, name: string, used: boolean): object =>
  Object.fromEntries(
    Array.from({ length: 14 }, (_, at) => {
      const from = used ? UDF_FROM[at + 1] : undefined;
      const field = from === undefined ? null : (world.tables.udfLabels[from] ?? null);
      return [
        `${name}${`${at + 1}`.padStart(2, '0')}`,
        { field, value: from === undefined ? null : (person.udf[from] ?? null) },
      ];
    }),
  );

export const UDF_FIELDS = 'employeeId personnelUserDefinedFields:obj internationalUserDefinedFields:obj';
export const UDF_VALUES: Readonly<Record<string, Getter>> = {
  personnelUserDefinedFields: (c) => group(c.world, c.person, 'personnelUDField', true),
  internationalUserDefinedFields: (c) => group(c.world, c.person, 'internationalUDField', false),
};

/** The one platform class that the invented customer has set up. */
export const PLATFORM_CLASS = 'EmployeeCustomFields';
export const PLATFORM_FIELDS = 'className keyName keyValue fieldRows:array';
export const PLATFORM_VALUES: Readonly<Record<string, Getter>> = {
  className: () => PLATFORM_CLASS,
  keyName: () => 'EmployeeId',
  keyValue: (c) => c.person.employeeId,
  fieldRows: (c) => [
    { fieldName: 'mentorTrack', fieldValue: c.person.index % 3 ? 'Leadership' : 'Technical' },
    { fieldName: 'badgeColour', fieldValue: c.person.index % 5 ? null : 'green' },
  ],
};
